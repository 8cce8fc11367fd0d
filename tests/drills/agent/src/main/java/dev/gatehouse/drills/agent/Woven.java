package dev.gatehouse.drills.agent;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the code that the agent weaves into billing calls. Public, for it is called from billing's packages. */
public final class Woven {

    private static final Set<Mutation> MUTATIONS = EnumSet.noneOf(Mutation.class);

    private Woven() {}

    static void mutate(Mutation mutation) {
        MUTATIONS.add(mutation);
    }

    /** A thread is at the point of that name. */
    public static void reach(String point) {
        Failpoints.here().reach(Point.valueOf(point));
    }

    /** The statement without the safeguards that were taken away. */
    public static String sql(String statement) {
        String result = statement;
        for (Mutation mutation : MUTATIONS) {
            result = mutation.rewritten(result);
        }
        return result;
    }

    /**
     * What a method returns instead, of the kind of that name.
     *
     * @param returned the name of the class that the method of the other class returns
     */
    public static Object instead(String kind, @Nullable Object[] arguments, String returned, Class<?> type) {
        return switch (Mutation.Override.Kind.valueOf(kind)) {
            case TRUE -> Boolean.TRUE;
            case NOTHING -> Optional.empty();
            case DELIVERED -> delivered(arguments[0], returned, type);
            case RANDOM_EFFECT -> throw new IllegalStateException("It changes an argument.");
        };
    }

    /** Another key every time. */
    public static String random(String effect) {
        return effect + "-" + UUID.randomUUID();
    }

    private static Object delivered(@Nullable Object row, String returned, Class<?> type) {
        try {
            Class<?> outcome = Class.forName(returned, true, type.getClassLoader());
            var constructor = outcome.getDeclaredConstructors()[0];
            constructor.setAccessible(true);
            Object delivered = null;
            for (Object result : constructor.getParameterTypes()[1].getEnumConstants()) {
                if (result.toString().equals("DELIVERED")) {
                    delivered = result;
                }
            }
            return constructor.newInstance(row, delivered, "");
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("An outcome is not made as it used to be: " + returned, e);
        }
    }
}
