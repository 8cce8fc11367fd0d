package dev.gatehouse.drills.faults;

import dev.gatehouse.devstack.payments.Fault;
import dev.gatehouse.devstack.payments.FaultPlan;
import dev.gatehouse.devstack.payments.Operation;
import dev.gatehouse.devstack.supervisor.DemoUser;
import dev.gatehouse.drills.campaign.Drill;
import dev.gatehouse.drills.campaign.Stage;
import dev.gatehouse.drills.campaign.Trial;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Orders that repeating cannot help: they are put aside, and an operator decides about them. */
public final class OperatorFaults {

    private static final Duration QUIET = Duration.ofSeconds(5);
    private static final Duration TROUBLE = Duration.ofSeconds(5);
    private static final Duration PARKED_WITHIN = Duration.ofMinutes(2);
    private static final int PAGE = 100;

    private OperatorFaults() {}

    public static List<Drill> drills() {
        return List.of(
                Drill.of(
                                "parked-replayed",
                                "the provider refuses our key; orders are put aside and tried again by an operator",
                                Stage.USUAL,
                                OperatorFaults::replayed)
                        .withoutFailedRequest(),
                Drill.of(
                                "parked-given-up",
                                "the provider sets other amounts aside; an operator gives these orders up",
                                Stage.USUAL,
                                OperatorFaults::givenUp)
                        .withoutFailedRequest());
    }

    private static void replayed(Trial trial) throws Exception {
        trial.steady(QUIET);
        hurt(trial, FaultPlan.always(Operation.CREATE, Fault.KEY_REFUSED));
        replayWhenQuiet(trial);
        trial.steady(QUIET);
    }

    /** Has an operator try all parked orders again, when nothing else is at work. */
    static void replayWhenQuiet(Trial trial) throws InterruptedException {
        awaitOnlyParked(trial);
        long parked = trial.stores().parkedOrders();
        trial.note("orders parked", parked);
        trial.require("orders are put aside", parked > 0);
        long replayed = trial.shop()
                .insist(
                        DemoUser.OPERATOR,
                        "POST",
                        "/api/operations/parked-orders/replay",
                        "{\"limit\": 1000, \"dryRun\": false}")
                .get("matched")
                .asLong();
        trial.require(
                "the operator's filter finds all " + parked + " parked orders, not " + replayed, replayed == parked);
    }

    private static void givenUp(Trial trial) throws Exception {
        trial.steady(QUIET);
        hurt(trial, FaultPlan.always(Operation.CREATE, Fault.WRONG_AMOUNT).every(3));
        awaitOnlyParked(trial);
        List<String> parked = new ArrayList<>();
        JsonNode page =
                trial.shop().insist(DemoUser.OPERATOR, "GET", "/api/operations/parked-orders?limit=" + PAGE, null);
        page.get("items").forEach(order -> parked.add(order.get("orderId").asString()));
        trial.note("orders parked", parked.size());
        trial.require("orders are put aside, fewer than a page", !parked.isEmpty() && parked.size() < PAGE);
        for (String order : parked) {
            trial.shop()
                    .insist(
                            DemoUser.OPERATOR,
                            "POST",
                            "/api/operations/parked-orders/" + order + "/abandonment",
                            "{\"reason\": \"The provider set another amount aside\"}");
        }
        trial.steady(QUIET);
    }

    private static void hurt(Trial trial, FaultPlan plan) throws Exception {
        var provider = trial.platform().payments();
        trial.inject(plan.fault().wireName(), () -> provider.plan(plan), TROUBLE, provider::clearFaults);
    }

    /** Until every order that is not at its end is parked, so that nobody is overlooked. */
    private static void awaitOnlyParked(Trial trial) throws InterruptedException {
        trial.load().ordersPerSecond(0);
        Instant end = Instant.now().plus(PARKED_WITHIN);
        while (trial.stores().ordersAtWork() > trial.stores().parkedOrders()) {
            if (Instant.now().isAfter(end)) {
                throw new IllegalStateException("Orders are still at work.");
            }
            Thread.sleep(100);
        }
        trial.load().ordersPerSecond(trial.usualOrdersPerSecond());
    }
}
