using Safeguarding.Seed.Demo;
using Safeguarding.Seed.Init;
using Safeguarding.Seed.Operate;
using Safeguarding.Seed.Prove;
using Safeguarding.Seed.Receiver;
using Safeguarding.Seed.Reviewing;

return args switch
{
    ["init", .. var options] => MakeSecrets.Run(options),
    ["provision", .. var options] => await ProvisionServers.Run(options),
    ["status", .. var options] => await ShowStatus.Run(options),
    ["demo", .. var options] => await TellStory.Run(options),
    ["prove", .. var options] => await ProveNothingIsLost.Run(options),
    ["receive", .. var options] => await Receive.Run(options),
    ["secret", .. var options] => ShowSecret.Run(options),
    ["review", .. var options] => await WorkReviews.Run(options),
    ["replay", .. var options] => await OrderReplay.Run(options),
    ["empty-broker", .. var options] => await EmptyBroker.Run(options),
    ["reconcile", .. var options] => await Reconcile.Run(options),
    ["held", .. var options] => await ShowHeld.Run(options),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        Safeguarding.Seed VERB …
          init --to DIR [--compose]     make the secrets that are missing: passwords, keys, development clients
          provision --from DIR          create the roles, schemas and broker users that the secrets are for
          demo                          tell the story of the hub against a running one
          status --from DIR [--services] queues, outboxes and parked messages of the running hub
          prove [--from TIME] [--to TIME]
                                        whether every accepted encounter is accounted for (default: the last 24 hours)
          receive --secret S            a verifying webhook receiver that can be told to behave badly (bare: its options)
          secret [CLIENT]               a development client's secret, or the list of clients
          review [--work] [--client ID] [--as NAME]   a council's open questions; with --work to be decided one by one
          replay …                      deliveries or parked messages once more (bare: its orders)
          empty-broker --from DIR       forget the broker's messages: the services' outboxes hold what is not yet confirmed
          reconcile --from DIR --backup TIME [--replaced DATABASE]
                                        after a restore: tell again, and list by id what is lost
          held --from DIR               which of the ids on standard input, from a peer's own list, the hub holds
        """);
    return 2;
}
