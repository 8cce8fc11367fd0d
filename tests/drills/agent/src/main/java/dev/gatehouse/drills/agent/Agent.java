package dev.gatehouse.drills.agent;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.matcher.ElementMatchers;
import net.bytebuddy.utility.JavaModule;
import org.jspecify.annotations.Nullable;

/**
 * The agent: {@code -javaagent:drills-agent.jar=ORDER,ORDER,…}. An order is {@code halt=POINT[:NTH]},
 * {@code delay=POINT:MILLISECONDS}, {@code mutate=MUTATION}, or {@code control=PORT} for a loopback port that takes more
 * of the first two while the process runs; {@link AgentOption} writes them.
 */
public final class Agent {

    private Agent() {}

    /** Called by the JVM before the program's own main method; ends the process when an order makes no sense. */
    public static void premain(@Nullable String arguments, Instrumentation instrumentation) {
        try {
            Orders orders = Orders.parsed(arguments == null ? "" : arguments);
            orders.mutations().forEach(Woven::mutate);
            orders.apply(Failpoints.here());
            weave(new Weaving(orders.mutations()), instrumentation);
            if (orders.controlPort() != null) {
                Control.listen(orders.controlPort(), Failpoints.here());
            }
        } catch (IOException | RuntimeException e) {
            fatal(e.toString());
        }
    }

    private static void weave(Weaving weaving, Instrumentation instrumentation) {
        new AgentBuilder.Default()
                .with(new Complaints())
                .type(ElementMatchers.namedOneOf(weaving.types().toArray(String[]::new)))
                .transform((builder, type, loader, module, domain) -> weaving.applyTo(type.getName(), builder))
                .installOn(instrumentation);
    }

    /** A drill on a service without its failpoints would prove nothing. */
    private static void fatal(String reason) {
        System.err.println("FATAL the drills' agent: " + reason);
        Runtime.getRuntime().halt(3);
    }

    private static final class Complaints extends AgentBuilder.Listener.Adapter {

        @Override
        public void onTransformation(
                TypeDescription type,
                @Nullable ClassLoader loader,
                @Nullable JavaModule module,
                boolean loaded,
                net.bytebuddy.dynamic.DynamicType changed) {
            System.err.println("the drills' agent changed " + type.getName());
        }

        @Override
        public void onError(
                String type,
                @Nullable ClassLoader loader,
                @Nullable JavaModule module,
                boolean loaded,
                Throwable error) {
            fatal(type + " cannot be changed: " + error);
        }
    }
}
