package dev.gatehouse.devstack;

import dev.gatehouse.devstack.supervisor.DemoUser;
import dev.gatehouse.devstack.supervisor.Platform;
import dev.gatehouse.devstack.supervisor.PlatformSettings;
import dev.gatehouse.devstack.supervisor.PlatformState;
import java.util.Locale;
import java.util.Optional;

/** Runs the platform in the foreground until it is told to end. */
final class Up {

    /** The line after which {@code devstack.sh} leaves the platform to itself; not shown to people. */
    private static final String READY = "--ready--";

    private Up() {}

    static int run(PlatformSettings settings) {
        Optional<PlatformState> other = PlatformState.read(settings.home())
                .filter(state -> state.supervisor().handle().isPresent())
                .filter(state -> state.phase().equals("ready"));
        if (other.isPresent()) {
            System.out.println("Gatehouse runs already: " + other.get().urls().get("gateway")
                    + " (`make dev-status` shows its parts, `make dev-down` stops it).");
            return 0;
        }
        long start = System.nanoTime();
        System.out.println("Starting Gatehouse in " + settings.home());
        Platform platform = Platform.start(settings.withProgress(System.out::println));
        System.out.println(welcome(platform, (System.nanoTime() - start) / 1e9));
        System.out.println(READY);
        System.out.flush();
        try {
            Thread.currentThread().join();
        } catch (InterruptedException e) {
            platform.close();
        }
        return 0;
    }

    private static String welcome(Platform platform, double seconds) {
        StringBuilder users = new StringBuilder();
        for (DemoUser user : DemoUser.values()) {
            users.append(String.format(Locale.ROOT, "%n  %-18s %s", user.username(), platform.password(user)));
        }
        String gateway = platform.gatewayUrl();
        return """

                Gatehouse is ready after %.1f s.
                  API                %s
                  Swagger UI         %s/api-docs
                  issuer             %s
                  broker             %s

                Demo users (name, password):%s

                Try:
                  curl -s '%s/api/films?q=godfather&limit=1'
                  curl -s %s/api/cart -H "Authorization: Bearer $(make -s token ROLE=customer)"
                """.formatted(
                        seconds,
                        gateway,
                        gateway,
                        platform.issuerUrl(),
                        platform.broker().kind(),
                        users,
                        gateway,
                        gateway);
    }
}
