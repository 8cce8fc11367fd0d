package dev.gatehouse.billing.order;

import org.jspecify.annotations.Nullable;

/**
 * What a step's outside call came to.
 *
 * @param next the state to move to
 * @param reason why, when it is given up
 * @param record what else the moving transaction writes
 */
record StepOutcome(OrderState next, @Nullable RejectionReason reason, Runnable record) {

    private static final Runnable NOTHING = () -> {};

    static StepOutcome to(OrderState next) {
        return new StepOutcome(next, null, NOTHING);
    }

    static StepOutcome to(OrderState next, Runnable record) {
        return new StepOutcome(next, null, record);
    }

    static StepOutcome giveUp(RejectionReason reason) {
        return giveUp(reason, NOTHING);
    }

    static StepOutcome giveUp(RejectionReason reason, Runnable record) {
        return new StepOutcome(OrderState.RELEASING, reason, record);
    }
}
