import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Receives the hub's webhooks: see README.md beside this file. */
public final class Receiver {
    private static final int LARGEST_BODY = 1024 * 1024;
    private static final long TOLERANCE_SECONDS = 300;

    private final byte[] key;
    private final Path file;
    private final Set<String> known = new HashSet<>();

    private Receiver(String secret, Path file) throws IOException {
        this.key = Base64.getDecoder().decode(secret.replaceFirst("^whsec_", ""));
        this.file = file;
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) known.add(line.split(" ", 2)[0]);
        }
    }

    public static void main(String[] words) throws IOException {
        var environment = System.getenv();
        var receiver = new Receiver(
            environment.get("HUB_WEBHOOK_SECRET"),
            Path.of(environment.getOrDefault("RECEIVED_FILE", "received.ndjson")));
        var port = Integer.parseInt(environment.getOrDefault("PORT", "8200"));
        var server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        server.setExecutor(Executors.newFixedThreadPool(8));
        server.createContext("/", receiver::receive);
        server.start();
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(statusOf(exchange), -1);
        }
    }

    private int statusOf(HttpExchange exchange) throws IOException {
        if (!exchange.getRequestMethod().equals("POST")) return 405;
        var body = exchange.getRequestBody().readNBytes(LARGEST_BODY + 1);
        if (body.length > LARGEST_BODY) return 413;
        var headers = exchange.getRequestHeaders();
        var id = headers.getFirst("webhook-id");
        if (!isGenuine(id, headers.getFirst("webhook-timestamp"), headers.getFirst("webhook-signature"), body)) return 401;
        store(id, body);
        return 204;
    }

    private boolean isGenuine(String id, String timestamp, String signatures, byte[] body) {
        if (id == null || signatures == null || timestamp == null || !timestamp.matches("[0-9]{1,18}")) return false;
        var age = System.currentTimeMillis() / 1000 - Long.parseLong(timestamp);
        if (Math.abs(age) > TOLERANCE_SECONDS) return false;
        var expected = Base64.getEncoder().encode(sign(id + "." + timestamp + ".", body));
        // There are several after the secret was rotated, and one of each scheme.
        for (String signature : signatures.split(" ")) {
            if (signature.startsWith("v1,")
                && MessageDigest.isEqual(signature.substring(3).getBytes(StandardCharsets.US_ASCII), expected)) return true;
        }
        return false;
    }

    private byte[] sign(String prefix, byte[] body) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update(prefix.getBytes(StandardCharsets.UTF_8));
            return mac.doFinal(body);
        } catch (GeneralSecurityException exception) {
            throw new IllegalStateException(exception);
        }
    }

    private synchronized void store(String id, byte[] body) throws IOException {
        if (known.contains(id)) return;
        var line = new ByteArrayOutputStream();
        line.writeBytes((id + " ").getBytes(StandardCharsets.UTF_8));
        line.writeBytes(body);
        line.write('\n');
        try (var received = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            received.write(ByteBuffer.wrap(line.toByteArray()));
            received.force(true);
        }
        known.add(id);
    }
}
