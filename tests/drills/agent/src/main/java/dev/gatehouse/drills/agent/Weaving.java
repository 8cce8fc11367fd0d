package dev.gatehouse.drills.agent;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.asm.AsmVisitorWrapper;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.implementation.bytecode.assign.Assigner;
import net.bytebuddy.matcher.ElementMatchers;

/** Which classes are changed, and how: every point, and the safeguards that are taken away. */
final class Weaving {

    /** Every statement of billing's passes here. */
    static final String JDBC = "org.springframework.jdbc.core.simple.DefaultJdbcClient";

    private final Map<String, List<AsmVisitorWrapper>> changes = new LinkedHashMap<>();

    Weaving(Set<Mutation> mutations) {
        for (Mutation mutation : mutations) {
            mutation.overrides().forEach(this::override);
            if (!mutation.rewrites().isEmpty()) {
                change(JDBC, Advice.to(Sql.class).on(ElementMatchers.named("sql")));
            }
        }
        for (Point point : Point.values()) {
            Class<?> advice = point.moment() == Point.Moment.ENTRY ? Entry.class : Exit.class;
            change(
                    point.type(),
                    Advice.withCustomMapping()
                            .bind(Name.class, point.name())
                            .to(advice)
                            .on(ElementMatchers.named(point.method())));
        }
    }

    /** The names of the classes that are changed. */
    Set<String> types() {
        return changes.keySet();
    }

    /** The class of that name, changed. */
    DynamicType.Builder<?> applyTo(String type, DynamicType.Builder<?> builder) {
        DynamicType.Builder<?> result = builder;
        for (AsmVisitorWrapper each : changes.getOrDefault(type, List.of())) {
            result = result.visit(each);
        }
        return result;
    }

    private void override(Mutation.Override override) {
        Class<?> advice = override.kind() == Mutation.Override.Kind.RANDOM_EFFECT ? RandomEffect.class : Instead.class;
        change(
                override.type(),
                Advice.withCustomMapping()
                        .bind(Name.class, override.kind().name())
                        .to(advice)
                        .on(ElementMatchers.named(override.method())));
    }

    private void change(String type, AsmVisitorWrapper change) {
        changes.computeIfAbsent(type, absent -> new ArrayList<>()).add(change);
    }

    /** The name of a point, or of what is returned instead, in the code below. */
    @Retention(RetentionPolicy.RUNTIME)
    @interface Name {}

    // What follows is not called: its bytes are copied into the changed methods, where parameters are the method's own.

    static final class Entry {

        private Entry() {}

        @Advice.OnMethodEnter
        static void enter(@Name String point) {
            Woven.reach(point);
        }
    }

    static final class Exit {

        private Exit() {}

        @Advice.OnMethodExit
        static void exit(@Name String point) {
            Woven.reach(point);
        }
    }

    @SuppressWarnings("UnusedVariable")
    static final class Instead {

        private Instead() {}

        @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
        static boolean enter() {
            return true;
        }

        @Advice.OnMethodExit
        static void exit(
                @Name String kind,
                @Advice.AllArguments Object[] arguments,
                @Advice.Origin("#r") String returned,
                @Advice.Origin Class<?> type,
                @Advice.Return(readOnly = false, typing = Assigner.Typing.DYNAMIC) Object result) {
            result = Woven.instead(kind, arguments, returned, type);
        }
    }

    static final class RandomEffect {

        private RandomEffect() {}

        @Advice.OnMethodEnter
        static void enter(@Advice.Argument(value = 1, readOnly = false) String effect) {
            effect = Woven.random(effect);
        }
    }

    static final class Sql {

        private Sql() {}

        @Advice.OnMethodEnter
        static void enter(@Advice.Argument(value = 0, readOnly = false) String statement) {
            statement = Woven.sql(statement);
        }
    }
}
