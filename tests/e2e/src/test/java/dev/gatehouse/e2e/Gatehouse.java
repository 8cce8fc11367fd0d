package dev.gatehouse.e2e;

import dev.gatehouse.devstack.payments.Effect;
import dev.gatehouse.devstack.payments.JournalEntry;
import dev.gatehouse.devstack.process.Ports;
import dev.gatehouse.devstack.stores.Database;
import dev.gatehouse.devstack.supervisor.DemoUser;
import dev.gatehouse.devstack.supervisor.Platform;
import dev.gatehouse.devstack.supervisor.PlatformSettings;
import dev.gatehouse.devstack.supervisor.Service;
import java.nio.file.Path;
import java.util.List;

/** The platform under test: started once, on free ports, with all its processes; it ends with this JVM. */
public final class Gatehouse {

    /** The port of the one origin, beside the gateway's own, that may call the API from a browser. */
    public static final int ALLOWED_ORIGIN_PORT = Ports.free();

    private static final Platform PLATFORM = Platform.start(PlatformSettings.forTest(
                    Path.of("target", "platform-" + ProcessHandle.current().pid()))
            .withAllowedOrigins("http://127.0.0.1:" + ALLOWED_ORIGIN_PORT)
            .withProgress(System.out::println));

    /** Somebody who logs in with a browser. */
    public record User(String name, String password) {}

    private Gatehouse() {}

    public static String gateway() {
        return PLATFORM.gatewayUrl();
    }

    public static Caller anyone() {
        return new Caller(gateway(), null);
    }

    static Caller customer() {
        return caller(DemoUser.CUSTOMER);
    }

    static Caller otherCustomer() {
        return caller(DemoUser.SECOND_CUSTOMER);
    }

    static Caller manager() {
        return caller(DemoUser.CATALOGUE_MANAGER);
    }

    static Caller operator() {
        return caller(DemoUser.OPERATOR);
    }

    public static String customerToken() {
        return PLATFORM.token(DemoUser.CUSTOMER);
    }

    public static User customerUser() {
        return user(DemoUser.CUSTOMER);
    }

    public static User managerUser() {
        return user(DemoUser.CATALOGUE_MANAGER);
    }

    /** A service's own address, past the gateway. */
    static String addressOf(Service service) {
        return "http://127.0.0.1:" + PLATFORM.service(service).port();
    }

    /** What the payment provider captured for the order, in minor units, by its own journal. */
    static List<Long> capturesOf(String order) {
        return PLATFORM.payments().journal().stream()
                .filter(entry -> entry.effect() == Effect.CAPTURED)
                .filter(entry -> order.equals(entry.orderId()))
                .map(JournalEntry::amountMinor)
                .toList();
    }

    static Database database(Service service) {
        return PLATFORM.database(service);
    }

    static void kill(Service service) {
        PLATFORM.service(service).kill();
    }

    static void start(Service service) {
        PLATFORM.service(service).start();
    }

    static void stopBroker() {
        PLATFORM.broker().stop();
    }

    static void startBroker() {
        PLATFORM.broker().start();
    }

    private static Caller caller(DemoUser user) {
        return new Caller(gateway(), PLATFORM.token(user));
    }

    private static User user(DemoUser user) {
        return new User(user.username(), PLATFORM.password(user));
    }
}
