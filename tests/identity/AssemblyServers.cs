using Safeguarding.TestKit;

[assembly: AssemblyFixture(typeof(HubServers))]
