package dev.gatehouse.billing.audit;

/**
 * What an action came to.
 *
 * @param result what the caller gets
 * @param matched how many things the action concerned
 * @param counted whether they were only counted
 */
public record Effect<T>(T result, long matched, boolean counted) {

    /** An effect on so many things. */
    public static <T> Effect<T> on(long matched, T result) {
        return new Effect<>(result, matched, false);
    }

    /** So many things would have been concerned; none was touched. */
    public static <T> Effect<T> counted(long matched, T result) {
        return new Effect<>(result, matched, true);
    }

    Outcome outcome() {
        if (counted) {
            return Outcome.COUNTED;
        }
        return matched == 0 ? Outcome.NOTHING : Outcome.DONE;
    }
}
