package dev.gatehouse.drills.faults;

import dev.gatehouse.devstack.faults.Direction;
import dev.gatehouse.devstack.faults.FaultProxy;
import dev.gatehouse.devstack.faults.Toxic;
import dev.gatehouse.devstack.supervisor.Link;
import dev.gatehouse.drills.campaign.Drill;
import dev.gatehouse.drills.campaign.Stage;
import dev.gatehouse.drills.campaign.Trial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The ways between the parts: slow, narrow, cut, silent, and broken in one direction only. */
public final class LinkFaults {

    private static final Duration QUIET = Duration.ofSeconds(5);
    private static final Duration TROUBLE = Duration.ofSeconds(12);
    private static final Duration RECOVERY = Duration.ofSeconds(15);

    private LinkFaults() {}

    public static List<Drill> drills() {
        List<Drill> drills = new ArrayList<>();
        // The broker is behind the outbox and the cache fails open: nobody may notice either.
        drills.add(link(
                        "broker-silent",
                        "nothing passes between billing and the broker",
                        Link.BILLING_BROKER,
                        FaultProxy::blackHole)
                .withoutFailedRequest());
        drills.add(link(
                        "broker-confirms-lost",
                        "messages reach the broker, its confirms do not reach billing",
                        Link.BILLING_BROKER,
                        proxy -> proxy.add(Direction.DOWNSTREAM, new Toxic.Timeout(Duration.ZERO)))
                .withoutFailedRequest());
        drills.add(link(
                        "broker-resets",
                        "every connection to the broker is reset after 300 ms",
                        Link.BILLING_BROKER,
                        proxy -> proxy.add(Direction.DOWNSTREAM, new Toxic.ResetPeer(Duration.ofMillis(300))))
                .withoutFailedRequest());
        drills.add(link(
                        "broker-slow",
                        "200 ms to the broker and 200 ms back",
                        Link.BILLING_BROKER,
                        proxy -> both(proxy, new Toxic.Latency(Duration.ofMillis(200), Duration.ofMillis(50))))
                .withoutFailedRequest());
        drills.add(link(
                        "broker-cut-short",
                        "connections to the broker end after 20 kB",
                        Link.BILLING_BROKER,
                        proxy -> proxy.add(Direction.UPSTREAM, new Toxic.LimitData(20_000)))
                .withoutFailedRequest());
        for (Link link : List.of(Link.BILLING_REDIS, Link.INVENTORY_REDIS)) {
            String of = link == Link.BILLING_REDIS ? "billing" : "inventory";
            drills.add(link(
                            "cache-silent-" + of,
                            "nothing passes between " + of + " and the cache",
                            link,
                            FaultProxy::blackHole)
                    .withoutFailedRequest());
        }
        drills.add(link(
                        "cache-slow",
                        "30 ms to the cache, give or take 30",
                        Link.INVENTORY_REDIS,
                        proxy -> proxy.add(
                                Direction.UPSTREAM, new Toxic.Latency(Duration.ofMillis(30), Duration.ofMillis(30))))
                .withoutFailedRequest());
        drills.add(link(
                        "cache-sliced",
                        "the cache's answers come in pieces of 8 bytes",
                        Link.INVENTORY_REDIS,
                        proxy -> proxy.add(Direction.DOWNSTREAM, new Toxic.Slicer(8, 4, Duration.ofMillis(2))))
                .withoutFailedRequest());
        drills.add(link(
                        "inventory-unreachable",
                        "billing cannot reach inventory",
                        Link.BILLING_INVENTORY,
                        FaultProxy::down)
                .withoutFailedRequest());
        drills.add(link(
                        "inventory-silent",
                        "nothing passes between billing and inventory",
                        Link.BILLING_INVENTORY,
                        FaultProxy::blackHole)
                .withoutFailedRequest());
        drills.add(link(
                        "inventory-answers-lost",
                        "inventory gets billing's requests, its answers are reset",
                        Link.BILLING_INVENTORY,
                        proxy -> proxy.add(Direction.DOWNSTREAM, new Toxic.ResetPeer(Duration.ZERO)))
                .withoutFailedRequest());
        drills.add(link(
                        "payments-unreachable",
                        "billing cannot reach the provider",
                        Link.BILLING_PAYMENTS,
                        FaultProxy::down)
                .withoutFailedRequest());
        drills.add(link(
                        "payments-silent",
                        "nothing passes between billing and the provider",
                        Link.BILLING_PAYMENTS,
                        FaultProxy::blackHole)
                .withoutFailedRequest());
        drills.add(link(
                        "payments-answers-lost",
                        "the provider takes the money, its answers are reset",
                        Link.BILLING_PAYMENTS,
                        proxy -> proxy.add(Direction.DOWNSTREAM, new Toxic.ResetPeer(Duration.ZERO)))
                .withoutFailedRequest());
        drills.add(link(
                        "payments-closed-slowly",
                        "the provider's connections close 3 s late, and carry 4 kB/s",
                        Link.BILLING_PAYMENTS,
                        proxy -> {
                            proxy.add(Direction.DOWNSTREAM, new Toxic.SlowClose(Duration.ofSeconds(3)));
                            proxy.add(Direction.DOWNSTREAM, new Toxic.Bandwidth(4_000));
                        })
                .withoutFailedRequest());
        drills.add(link(
                        "postgres-slow",
                        "100 ms from billing to PostgreSQL and 100 ms back",
                        Link.BILLING_POSTGRES,
                        proxy -> both(proxy, new Toxic.Latency(Duration.ofMillis(100), Duration.ZERO)))
                .recoversWithin(RECOVERY));
        drills.add(link(
                        "postgres-silent",
                        "nothing passes between billing and PostgreSQL",
                        Link.BILLING_POSTGRES,
                        FaultProxy::blackHole)
                .recoversWithin(RECOVERY));
        drills.add(link(
                        "postgres-answers-lost",
                        "billing's commits reach PostgreSQL, its answers are reset",
                        Link.BILLING_POSTGRES,
                        proxy -> proxy.add(Direction.DOWNSTREAM, new Toxic.ResetPeer(Duration.ZERO)))
                .recoversWithin(RECOVERY));
        drills.add(Drill.of(
                        "postgres-cut",
                        "billing's and inventory's database connections are reset every 500 ms",
                        Stage.USUAL,
                        trial -> {
                            trial.steady(QUIET);
                            for (int i = 0; i < trial.times(20); i++) {
                                trial.inject("reset all database connections", () -> {
                                    trial.platform().link(Link.BILLING_POSTGRES).cut();
                                    trial.platform()
                                            .link(Link.INVENTORY_POSTGRES)
                                            .cut();
                                });
                                trial.steady(Duration.ofMillis(500));
                            }
                            trial.steady(QUIET);
                        })
                .recoversWithin(RECOVERY));
        drills.add(link(
                "inventory-postgres-silent",
                "nothing passes between inventory and PostgreSQL",
                Link.INVENTORY_POSTGRES,
                FaultProxy::blackHole));
        drills.add(Drill.of("half-open", "every connection between the parts is left half-open", Stage.USUAL, trial -> {
            trial.steady(QUIET);
            trial.inject("leave all connections half-open", () -> {
                for (Link link : Link.values()) {
                    if (link != Link.STANDBY_PRIMARY) {
                        trial.platform().link(link).leaveHalfOpen();
                    }
                }
            });
            trial.steady(TROUBLE);
        }));
        drills.add(Drill.of("narrow-everywhere", "64 kB/s and 20 ms between all parts", Stage.USUAL, trial -> {
            trial.steady(QUIET);
            trial.inject(
                    "narrow all links",
                    () -> {
                        for (Link link : Link.values()) {
                            FaultProxy proxy = trial.platform().link(link);
                            both(proxy, new Toxic.Latency(Duration.ofMillis(20), Duration.ofMillis(5)));
                            both(proxy, new Toxic.Bandwidth(64_000));
                        }
                    },
                    TROUBLE,
                    trial.platform()::healLinks);
            trial.steady(QUIET);
        }));
        return drills;
    }

    private static Drill link(String name, String fault, Link link, Consumer<FaultProxy> hurt) {
        return Drill.of(name, fault, Stage.USUAL, trial -> run(trial, link, hurt));
    }

    private static void run(Trial trial, Link link, Consumer<FaultProxy> hurt) throws Exception {
        FaultProxy proxy = trial.platform().link(link);
        trial.steady(QUIET);
        for (int i = 0; i < trial.times(1); i++) {
            trial.inject("hurt " + link, () -> hurt.accept(proxy), TROUBLE, proxy::reset);
            trial.steady(QUIET.multipliedBy(2));
        }
    }

    private static void both(FaultProxy proxy, Toxic toxic) {
        proxy.add(Direction.UPSTREAM, toxic);
        proxy.add(Direction.DOWNSTREAM, toxic);
    }
}
