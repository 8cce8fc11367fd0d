package dev.gatehouse.billing.simulation;

import java.util.EnumMap;
import java.util.Map;

/**
 * How rough a history is: how likely each fault is where it can happen, and where an instance is killed for certain.
 *
 * @param fatalPass at which pass of the fatal point the instance is killed; 0 means nowhere for certain
 */
record Profile(Map<Fault, Double> likelihoods, int fatalPoint, int fatalPass) {

    /** Some histories are calm but for one fault, some suffer everything at once. */
    static Profile of(Chance chance) {
        Map<Fault, Double> likelihoods = new EnumMap<>(Fault.class);
        boolean calm = chance.happens(0.1);
        for (Fault fault : Fault.values()) {
            double scale = calm || chance.happens(0.55) ? 0 : chance.happens(0.3) ? 4 : 1;
            likelihoods.put(fault, scale * usual(fault));
        }
        boolean fatal = chance.happens(0.4);
        return new Profile(likelihoods, chance.below(Points.COUNT), fatal ? 1 + chance.below(3) : 0);
    }

    private static double usual(Fault fault) {
        return switch (fault) {
            case INSTANCE_KILLED, INSTANCE_PAUSED, THREAD_STALLED -> 0.004;
            case DATABASE_REFUSES_STATEMENT -> 0.006;
            case COMMIT_REFUSED, COMMIT_ANSWER_LOST -> 0.02;
            case PUBLISH_REFUSED, MESSAGE_LOST, CONFIRM_LOST, MESSAGE_NACKED, MESSAGE_RETURNED -> 0.04;
            case MESSAGE_DUPLICATED, MESSAGE_FORGOTTEN, MESSAGE_POISONED -> 0.05;
            case MESSAGE_REORDERED -> 0.15;
            case CALL_REFUSED, CALL_ANSWERED_WRONGLY, CALL_ERROR_REMEMBERED -> 0.04;
            case CALL_ARRIVES_LATE, CALL_ANSWER_LOST -> 0.05;
            case PRICE_CHANGED, PAYMENT_DECLINED -> 0.05;
            case REQUEST_REPEATED, REQUEST_ANSWER_LOST -> 0.15;
        };
    }
}
