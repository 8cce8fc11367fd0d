package dev.gatehouse.billing.simulation;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Every place where another thread may go on, and where an instance may be killed. */
final class Points {

    static final List<String> ALL = List.of(
            "transaction begun",
            "before commit",
            "after commit",
            "orders.insert",
            "orders.move",
            "orders.find",
            "steps.add",
            "steps.claim",
            "steps.renew",
            "steps.hold",
            "steps.advance",
            "steps.remove",
            "steps.replace",
            "steps.hasStarted",
            "steps.retry",
            "steps.park",
            "steps.letGo",
            "steps.due",
            "steps.makeDue",
            "payments.add",
            "payments.find",
            "payments.startCharge",
            "payments.startUndo",
            "payments.authorized",
            "payments.settle",
            "ledger.post",
            "outbox.insert",
            "outbox.claim",
            "outbox.markSent",
            "outbox.postpone",
            "outbox.release",
            "keys.reserve",
            "keys.replay",
            "keys.remember",
            "parked.insert",
            "statement committed",
            "before inventory.reserve",
            "after inventory.reserve",
            "before inventory.confirm",
            "after inventory.confirm",
            "before inventory.release",
            "after inventory.release",
            "before provider.authorize",
            "after provider.authorize",
            "before provider.block",
            "after provider.block",
            "before provider.capture",
            "after provider.capture",
            "before provider.cancel",
            "after provider.cancel",
            "before provider.refund",
            "after provider.refund",
            "before provider.retrieve",
            "after provider.retrieve",
            "before provider.find",
            "after provider.find",
            "before publish",
            "after publish",
            "before confirm",
            "after confirm",
            "message received",
            "before acknowledgement",
            "request received",
            "before answer");

    static final int COUNT = ALL.size();

    /** Passed in few histories only: there an instance is killed more often. */
    private static final Set<String> SELDOM = Set.of(
            "steps.replace",
            "steps.makeDue",
            "steps.park",
            "steps.letGo",
            "parked.insert",
            "outbox.postpone",
            "outbox.release",
            "before provider.block",
            "after provider.block",
            "before provider.cancel",
            "after provider.cancel",
            "before provider.refund",
            "after provider.refund",
            "before provider.retrieve",
            "after provider.retrieve",
            "before provider.find",
            "after provider.find");

    private static final Map<String, Integer> NUMBERS =
            IntStream.range(0, COUNT).boxed().collect(Collectors.toMap(ALL::get, number -> number));

    private Points() {}

    static boolean isSeldom(String point) {
        return SELDOM.contains(point);
    }

    static int number(String point) {
        Integer number = NUMBERS.get(point);
        if (number == null) {
            throw new IllegalArgumentException("Not in the list of points: " + point);
        }
        return number;
    }
}
