package dev.gatehouse.devstack.supervisor;

import dev.gatehouse.devstack.process.CannotStart;
import dev.gatehouse.devstack.stores.PrivateFiles;
import dev.gatehouse.devstack.stores.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The secrets of one data directory: made at its first start, kept with mode 600, gone with it. */
final class Credentials {

    private static final String FILE = "credentials";

    private final Path file;
    private final Map<String, String> secrets;

    private Credentials(Path file, Map<String, String> secrets) {
        this.file = file;
        this.secrets = secrets;
    }

    /** Those of the directory; none if it is new. */
    static Credentials in(Path home) {
        Path file = home.resolve(FILE);
        Map<String, String> secrets = new TreeMap<>();
        try {
            for (String line : Files.readAllLines(file)) {
                String[] pair = line.split("=", 2);
                if (pair.length == 2) {
                    secrets.put(pair[0], pair[1]);
                }
            }
        } catch (NoSuchFileException firstStart) {
            // they are made when asked for
        } catch (IOException e) {
            throw new CannotStart(
                    "The credentials in " + file + " cannot be read: " + e.getMessage()
                            + "; `make dev-reset` removes the data and starts afresh.",
                    e);
        }
        return new Credentials(file, secrets);
    }

    /** The secret of that name, for example "postgres.billing"; made and kept at the first call. */
    synchronized String of(String name) {
        return of(name, "");
    }

    /** The same, made with a prefix. */
    synchronized String of(String name, String prefix) {
        String known = secrets.get(name);
        if (known != null) {
            return known;
        }
        String fresh = prefix + Secrets.random();
        secrets.put(name, fresh);
        PrivateFiles.write(
                file,
                secrets.entrySet().stream()
                        .map(each -> each.getKey() + "=" + each.getValue() + "\n")
                        .collect(Collectors.joining()));
        return fresh;
    }

    synchronized Map<String, String> all() {
        return Map.copyOf(secrets);
    }
}
