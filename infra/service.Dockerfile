# Every program of the hub: docker build -f infra/service.Dockerfile --build-arg PROGRAM=matching --build-arg ASSEMBLY=Safeguarding.Matching .
# The build stage is the same for all of them, so the engine runs it once.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /src
COPY . .
# The analyzers have had their say before a commit; here they would double the time.
RUN dotnet build infra/hub.slnf -c Release -v quiet --nologo -p:UseAppHost=false -p:RunAnalyzers=false \
 && for project in infra/identity tools/demo tools/hub-cli services/*/; do \
      dotnet publish "$project" -c Release --no-build -v quiet --nologo -p:UseAppHost=false -o "/out/$(basename "$project")" || exit 1; \
    done \
 && tools/ready-to-run/ready-to-run /tmp/ready-to-run /out/*

# The command line: beside PostgreSQL's own programs, since backup and restore use those of the server's version.
FROM postgres:17 AS cli
COPY --from=mcr.microsoft.com/dotnet/aspnet:10.0 /usr/share/dotnet /usr/share/dotnet
COPY --from=build /out/hub-cli /app
ENV HOME=/tmp DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
USER 1654:1654
ENTRYPOINT ["/usr/share/dotnet/dotnet", "/app/Safeguarding.Cli.dll"]
CMD ["--help"]

FROM mcr.microsoft.com/dotnet/aspnet:10.0 AS service
ARG PROGRAM
ARG ASSEMBLY
ENV HUB_PROGRAM=/app/${ASSEMBLY}.dll HOME=/tmp
# A new volume takes its owner from the image; identity alone mounts the first.
RUN mkdir /identity-keys /audit-roots && chown "${APP_UID}:${APP_UID}" /identity-keys /audit-roots
COPY --chmod=0755 infra/healthy /usr/local/bin/healthy
COPY --from=build /out/${PROGRAM} /app
WORKDIR /app
USER ${APP_UID}
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=6 CMD ["healthy"]
ENTRYPOINT ["/bin/sh", "-c", "exec dotnet \"$HUB_PROGRAM\" \"$@\"", "hub"]
