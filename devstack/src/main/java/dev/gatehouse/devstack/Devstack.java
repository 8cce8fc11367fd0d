package dev.gatehouse.devstack;

import dev.gatehouse.devstack.process.CannotStart;
import dev.gatehouse.devstack.stores.PrivateFiles;
import dev.gatehouse.devstack.supervisor.DemoUser;
import dev.gatehouse.devstack.supervisor.PlatformSettings;
import dev.gatehouse.devstack.supervisor.PlatformState;
import dev.gatehouse.devstack.supervisor.Tokens;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** The devstack's command line; {@code devstack.sh} finds the JDK and calls it. */
public final class Devstack {

    private static final String USAGE =
            "usage: devstack up|down|status|reset|token [customer|catalogue-manager|operator]|prepare|train|bench";

    private Devstack() {}

    /** Exit code 0 if it worked, 1 with one line if it did not, 2 for a wrong command. */
    public static void main(String[] arguments) {
        List<String> words = Arrays.asList(arguments);
        try {
            System.exit(run(words));
        } catch (CannotStart e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private static int run(List<String> words) {
        if (words.isEmpty()) {
            System.err.println(USAGE);
            return 2;
        }
        PlatformSettings settings =
                PlatformSettings.fromEnvironment(PlatformSettings.repositoryAbove(Path.of("")), System.getenv());
        return switch (words.getFirst()) {
            case "up" -> {
                logEverythingOneWay();
                yield Up.run(settings);
            }
            case "down" -> Down.run(settings.home());
            case "status" -> Status.run(settings.home());
            case "reset" -> reset(settings.home());
            case "token" -> token(settings.home(), words.size() > 1 ? words.get(1) : "customer");
            case "prepare" -> Prepare.run(settings);
            case "train" -> {
                logEverythingOneWay();
                yield Train.run(settings);
            }
            case "bench" -> Bench.run(settings);
            default -> {
                System.err.println(USAGE);
                yield 2;
            }
        };
    }

    /** Tomcat's lines go where all others go. */
    private static void logEverythingOneWay() {
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }

    private static int reset(Path home) {
        Down.run(home);
        if (Files.notExists(home)) {
            return 0;
        }
        if (Files.notExists(home.resolve("lock"))) {
            throw new CannotStart(home + " is not a data directory of the devstack: nothing was deleted.");
        }
        PrivateFiles.delete(home);
        System.out.println("Deleted " + home + ".");
        return 0;
    }

    private static int token(Path home, String word) {
        DemoUser user = DemoUser.of(word);
        PlatformState state = PlatformState.read(home)
                .filter(found -> found.supervisor().handle().isPresent())
                .orElseThrow(() -> new CannotStart("The platform does not run: start it with `make dev-up`."));
        System.out.println(Tokens.fetch(state, user));
        return 0;
    }
}
