package dev.gatehouse.devstack.supervisor;

import dev.gatehouse.devstack.process.CannotStart;
import dev.gatehouse.devstack.process.Ports;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** A loopback port of the platform: whose it is, its usual number, and the variable that sets another. */
public enum Door {
    GATEWAY("the gateway", 8080),
    GATEWAY_MANAGEMENT("the gateway's management", 8090),
    INVENTORY("inventory-service", 8081),
    INVENTORY_MANAGEMENT("inventory-service's management", 8091),
    BILLING("billing-service", 8082),
    BILLING_MANAGEMENT("billing-service's management", 8092),
    ISSUER("the issuer", 9000),
    PAYMENTS("the payment provider", 9010),
    POSTGRES("PostgreSQL", 5433),
    REDIS("Redis", 6380),
    AMQP("the message broker", 5673);

    private final String part;
    private final int usual;

    Door(String part, int usual) {
        this.part = part;
        this.usual = usual;
    }

    /** Who listens there, as people know it. */
    public String part() {
        return part;
    }

    /** For example GATEHOUSE_GATEWAY_PORT. */
    public String variable() {
        return "GATEHOUSE_" + name() + "_PORT";
    }

    /** The name in the state file: gateway, gateway-management, … */
    String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * All ports as the environment wants them: the usual ones, or free ones with PORTS=free, each changed by its variable.
     *
     * @throws CannotStart if a variable is no port number
     */
    static Map<Door, Integer> from(Map<String, String> environment) {
        String plan = environment.getOrDefault("PORTS", "");
        if (!plan.isEmpty() && !plan.equals("default") && !plan.equals("free")) {
            throw new CannotStart("PORTS=" + plan + " is not known: use default or free.");
        }
        Map<Door, Integer> ports = new EnumMap<>(Door.class);
        for (Door door : values()) {
            String chosen = environment.getOrDefault(door.variable(), "");
            if (!chosen.isEmpty()) {
                ports.put(door, door.parsed(chosen));
            } else {
                ports.put(door, plan.equals("free") ? Ports.free() : door.usual);
            }
        }
        return ports;
    }

    /** A free port for every door. */
    static Map<Door, Integer> free() {
        return from(Map.of("PORTS", "free"));
    }

    private int parsed(String text) {
        try {
            int port = Integer.parseInt(text.strip());
            if (port >= 1 && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException notANumber) {
            // said below
        }
        throw new CannotStart(variable() + "=" + text + " is not a port: use a number from 1 to 65535.");
    }
}
