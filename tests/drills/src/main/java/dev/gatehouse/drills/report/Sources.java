package dev.gatehouse.drills.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** A hash of everything that a drill's result depends on, so that a page shows when it has grown old. */
public final class Sources {

    private static final List<String> FOLDERS = List.of(
            "gateway/src/main",
            "inventory-service/src/main",
            "billing-service/src/main",
            "devstack/src/main",
            "tests/drills/src/main");

    private Sources() {}

    /** The first twelve digits of the SHA-256 over the names and contents of all files. */
    public static String hash(Path repository) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String folder : FOLDERS) {
                try (Stream<Path> files = Files.walk(repository.resolve(folder))) {
                    for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                        digest.update(repository
                                .relativize(file)
                                .toString()
                                .getBytes(java.nio.charset.StandardCharsets.UTF_8));
                        digest.update(Files.readAllBytes(file));
                    }
                }
            }
            return HexFormat.of().formatHex(digest.digest()).substring(0, 12);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
