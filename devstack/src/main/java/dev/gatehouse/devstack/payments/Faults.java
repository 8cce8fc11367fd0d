package dev.gatehouse.devstack.payments;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The planned faults and how much of each is used up. */
final class Faults {

    private final List<Armed> armed = new ArrayList<>();

    synchronized void plan(FaultPlan plan) {
        armed.add(new Armed(plan));
    }

    synchronized void clear() {
        armed.clear();
    }

    /** The plans that are not used up, each with the number of hits it has left. */
    synchronized List<FaultPlan> left() {
        return armed.stream().map(a -> a.plan.times(a.left)).toList();
    }

    synchronized @Nullable FaultPlan take(Operation operation, @Nullable String orderId) {
        for (Armed candidate : armed) {
            FaultPlan plan = candidate.plan;
            boolean matches = (plan.operation() == Operation.ANY || plan.operation() == operation)
                    && (plan.orderId() == null || Objects.equals(plan.orderId(), orderId));
            if (matches && ++candidate.seen % plan.every() == 0) {
                if (candidate.left != Integer.MAX_VALUE && --candidate.left == 0) {
                    armed.remove(candidate);
                }
                return plan;
            }
        }
        return null;
    }

    private static final class Armed {
        private final FaultPlan plan;
        private int left;
        private int seen;

        Armed(FaultPlan plan) {
            this.plan = plan;
            this.left = plan.times();
        }
    }
}
