package dev.gatehouse.devstack;

import dev.gatehouse.devstack.process.CannotStart;
import dev.gatehouse.devstack.stores.PrivateFiles;
import dev.gatehouse.devstack.supervisor.DemoUser;
import dev.gatehouse.devstack.supervisor.Platform;
import dev.gatehouse.devstack.supervisor.PlatformSettings;
import dev.gatehouse.devstack.supervisor.Service;
import dev.gatehouse.devstack.supervisor.ServiceInstance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Makes the JVM start-up caches (JEP 483, 514, 515) by running the platform once; they hold for this machine, this JDK and these
 * jars only. The cache of this very JVM is made by the option {@code devstack.sh} gives it.
 */
final class Train {

    // Each of the three JVMs writes about 150 MB when it ends.
    private static final Duration START_LIMIT = Duration.ofMinutes(10);
    private static final Duration DUMP_LIMIT = Duration.ofMinutes(5);

    private Train() {}

    static int run(PlatformSettings settings) {
        long start = System.nanoTime();
        Path home = temporary();
        try {
            PlatformSettings training = PlatformSettings.fromEnvironment(
                            settings.repository(), Map.of("PORTS", "free", "GATEHOUSE_HOME", home.toString()))
                    .withStartLimit(START_LIMIT);
            for (Service service : Service.values()) {
                training = training.withJvmOptions(
                        service, "-XX:AOTCacheOutput=" + fresh(settings, service), "-Xlog:aot=off");
            }
            try (Platform platform = Platform.start(training)) {
                exercise(platform);
                stop(platform);
            }
            for (Service service : Service.values()) {
                Path made = fresh(settings, service);
                if (Files.notExists(made)) {
                    throw new CannotStart("No start-up cache of " + service.module()
                            + " was made; the platform works without (AOT=off).");
                }
                Files.move(made, Platform.cacheFile(settings, service), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            for (Service service : Service.values()) {
                deleteRemains(fresh(settings, service));
            }
            PrivateFiles.delete(home);
        }
        System.out.printf(Locale.ROOT, "The start-up caches are made (%.0f s)%n", (System.nanoTime() - start) / 1e9);
        return 0;
    }

    /** What a fresh platform is asked first; classes used here are in the cache. */
    private static void exercise(Platform platform) throws IOException {
        String token = platform.token(DemoUser.CUSTOMER);
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            for (String path : List.of(
                    "/api/films?q=love&limit=5",
                    "/api/cart",
                    "/api/orders",
                    "/openapi/inventory",
                    "/openapi/billing",
                    "/api-docs")) {
                HttpRequest request = HttpRequest.newBuilder(URI.create(platform.gatewayUrl() + path))
                        .header("Authorization", "Bearer " + token)
                        .timeout(Duration.ofSeconds(30))
                        .build();
                client.send(request, BodyHandlers.discarding());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void stop(Platform platform) {
        List<Thread> ends = List.of(Service.values()).stream()
                .map(platform::service)
                .map((ServiceInstance instance) -> Thread.ofPlatform().start(() -> instance.stop(DUMP_LIMIT)))
                .toList();
        for (Thread end : ends) {
            try {
                end.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Path fresh(PlatformSettings settings, Service service) {
        Path cache = Platform.cacheFile(settings, service);
        return cache.resolveSibling(cache.getFileName() + ".new");
    }

    /** A training that failed leaves half a cache and its recording. */
    private static void deleteRemains(Path fresh) {
        try {
            Files.deleteIfExists(fresh);
            Files.deleteIfExists(fresh.resolveSibling(fresh.getFileName() + ".config"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("gatehouse-train");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
