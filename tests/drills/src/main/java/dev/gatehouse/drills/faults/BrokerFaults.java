package dev.gatehouse.drills.faults;

import dev.gatehouse.devstack.stores.AmqpBroker;
import dev.gatehouse.devstack.stores.RabbitmqBroker;
import dev.gatehouse.drills.campaign.Drill;
import dev.gatehouse.drills.campaign.Stage;
import dev.gatehouse.drills.campaign.Trial;
import dev.gatehouse.drills.faults.Mailbox.Letter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;

/** The broker gone, and messages lost, doubled, shuffled, delayed and forged. */
public final class BrokerFaults {

    private static final Duration QUIET = Duration.ofSeconds(5);
    private static final Duration OUTAGE = Duration.ofSeconds(15);
    private static final Duration RECOVERY = Duration.ofSeconds(10);

    private BrokerFaults() {}

    public static List<Drill> drills() {
        List<Drill> drills = new ArrayList<>();
        for (Stage stage : List.of(Stage.USUAL, Stage.RABBITMQ)) {
            String on = stage == Stage.RABBITMQ ? "-rabbitmq" : "";
            drills.add(Drill.of("broker-killed" + on, "broker killed and started after 10 s", stage, trial -> {
                        AmqpBroker broker = trial.platform().broker();
                        trial.steady(QUIET);
                        for (int i = 0; i < trial.times(2); i++) {
                            trial.inject("kill the broker", broker::kill, Duration.ofSeconds(10), broker::start);
                            trial.steady(QUIET.multipliedBy(2));
                        }
                    })
                    .recoversWithin(RECOVERY)
                    .withoutFailedRequest());
            drills.add(Drill.of("broker-frozen" + on, "broker frozen for 15 s", stage, trial -> {
                        AmqpBroker broker = trial.platform().broker();
                        trial.steady(QUIET);
                        trial.inject("freeze the broker", broker::pause, OUTAGE, broker::resume);
                        trial.steady(QUIET.multipliedBy(2));
                    })
                    .recoversWithin(RECOVERY)
                    .withoutFailedRequest());
            drills.add(Drill.of("broker-stopped" + on, "broker stopped for 15 s", stage, BrokerFaults::stopped)
                    .recoversWithin(RECOVERY)
                    .withoutFailedRequest());
            drills.add(Drill.of(
                    "messages-tripled" + on, "every message three times", stage, trial -> through(trial, 3, 0)));
            drills.add(Drill.of(
                    "messages-shuffled" + on, "messages late and in any order", stage, BrokerFaults::shuffled));
            drills.add(Drill.of(
                    "messages-lost" + on, "a third of the messages vanish", stage, trial -> through(trial, 1, 3)));
            drills.add(Drill.of("messages-forged" + on, "messages nobody can read", stage, BrokerFaults::forged)
                    .withoutFailedRequest());
            drills.add(Drill.of(
                    "exchange-deleted" + on,
                    "the exchange is deleted and declared again",
                    stage,
                    BrokerFaults::deleted));
        }
        drills.add(Drill.of(
                        "broker-alarm-rabbitmq",
                        "the broker's memory alarm stops publishers for 15 s",
                        Stage.RABBITMQ,
                        trial -> {
                            RabbitmqBroker broker =
                                    (RabbitmqBroker) trial.platform().broker();
                            trial.steady(QUIET);
                            trial.inject("raise the alarm", broker::raiseAlarm, OUTAGE, broker::clearAlarm);
                            trial.steady(QUIET.multipliedBy(2));
                        })
                .recoversWithin(RECOVERY)
                .withoutFailedRequest());
        return drills;
    }

    private static void stopped(Trial trial) throws Exception {
        AmqpBroker broker = trial.platform().broker();
        trial.steady(QUIET);
        for (int i = 0; i < trial.times(2); i++) {
            trial.inject("stop the broker", broker::stop, OUTAGE, broker::start);
            trial.steady(QUIET.multipliedBy(2));
        }
    }

    /** Stands between the exchange and billing's queue: hands on so many copies, and loses every so many-th message. */
    private static void through(Trial trial, int copies, int loseEvery) throws Exception {
        trial.steady(QUIET);
        try (Mailbox mailbox = new Mailbox(trial.platform().broker())) {
            int handed = 0;
            int lost = 0;
            mailbox.intercept();
            Instant end = Instant.now().plus(OUTAGE);
            while (Instant.now().isBefore(end)) {
                for (Letter letter : mailbox.take()) {
                    if (loseEvery > 0 && trial.random().nextInt(loseEvery) == 0) {
                        lost++;
                        continue;
                    }
                    handed++;
                    for (int i = 0; i < copies; i++) {
                        mailbox.post(letter);
                    }
                }
                Thread.sleep(5);
            }
            trial.inject("hand on everything again", mailbox::letThrough);
            for (Letter letter : mailbox.take()) {
                mailbox.post(letter);
            }
            trial.note("messages handed on", handed + " in " + handed * copies + " copies");
            if (lost > 0) {
                trial.note("messages lost", lost);
            }
            trial.require("messages went through the drill's hands", handed > 0 && (loseEvery == 0 || lost > 0));
        }
        trial.steady(QUIET);
    }

    private static void shuffled(Trial trial) throws Exception {
        trial.steady(QUIET);
        try (Mailbox mailbox = new Mailbox(trial.platform().broker())) {
            mailbox.intercept();
            List<Letter> held = new ArrayList<>();
            int handed = 0;
            Instant end = Instant.now().plus(OUTAGE);
            while (Instant.now().isBefore(end)) {
                held.addAll(mailbox.take());
                Collections.shuffle(held, trial.random());
                // Half of them wait for another round, some for many.
                List<Letter> now = held.subList(0, held.size() / 2);
                for (Letter letter : now) {
                    mailbox.post(letter);
                    handed++;
                }
                now.clear();
                Thread.sleep(300);
            }
            trial.inject("hand on everything again", mailbox::letThrough);
            held.addAll(mailbox.take());
            for (Letter letter : held) {
                mailbox.post(letter);
            }
            trial.note("messages shuffled", handed);
            trial.require("messages went through the drill's hands", handed > 0);
        }
        trial.steady(QUIET);
    }

    private static void forged(Trial trial) throws Exception {
        trial.steady(QUIET);
        long before = trial.stores().parkedMessages();
        List<String> forgeries = List.of(
                "",
                "{",
                "[]",
                "\"text\"",
                "{\"type\":\"order-state-changed\",\"schemaVersion\":1,\"orderId\":null,\"version\":1}",
                "{\"type\":\"order-state-changed\",\"schemaVersion\":1,\"orderId\":\"%s\",\"version\":0}"
                        .formatted(UUID.randomUUID()),
                "{\"type\":\"order-state-changed\",\"schemaVersion\":99,\"orderId\":\"%s\",\"version\":1}"
                        .formatted(UUID.randomUUID()),
                "{\"type\":\"something-else\",\"schemaVersion\":1,\"orderId\":\"%s\",\"version\":1}"
                        .formatted(UUID.randomUUID()),
                "{\"type\":\"order-state-changed\",\"schemaVersion\":1,\"orderId\":\"%s\",\"version\":1}"
                        .formatted(UUID.randomUUID()),
                "x".repeat(10 * 1024 * 1024));
        try (Mailbox mailbox = new Mailbox(trial.platform().broker())) {
            for (String forgery : forgeries) {
                trial.inject("post " + forgery.length() + " forged bytes", () -> mailbox.post(forgery));
                trial.steady(Duration.ofMillis(500));
            }
        }
        trial.steady(QUIET);
        long parked = trial.stores().parkedMessages() - before;
        trial.note("messages parked", parked + " of " + forgeries.size());
        trial.require("every forged message is parked once", parked == forgeries.size());
    }

    private static void deleted(Trial trial) throws Exception {
        trial.steady(QUIET);
        try (Mailbox mailbox = new Mailbox(trial.platform().broker())) {
            trial.inject("delete the exchange", mailbox::deleteExchange, QUIET, mailbox::declareExchange);
        }
        trial.steady(QUIET.multipliedBy(2));
    }
}
