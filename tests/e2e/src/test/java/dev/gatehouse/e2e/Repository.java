package dev.gatehouse.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The checkout that the tests run in. */
final class Repository {

    static final Path ROOT = Path.of("").toAbsolutePath().resolve("../..").normalize();

    private static final Pattern NOT_SOURCE =
            Pattern.compile("(^|/)(\\.git|target|node_modules|\\.devstack|\\.idea)(/|$)");

    private Repository() {}

    /** Every source file, relative to the root. */
    static List<Path> files() {
        try (Stream<Path> walk = Files.walk(ROOT)) {
            return walk.map(ROOT::relativize)
                    .filter(path -> !NOT_SOURCE.matcher(path.toString()).find())
                    .filter(path -> Files.isRegularFile(ROOT.resolve(path)))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Path> files(String suffix) {
        return files().stream().filter(path -> path.toString().endsWith(suffix)).toList();
    }

    /** The file's text; empty for what is not text. */
    static String read(Path relative) {
        try {
            return Files.readString(ROOT.resolve(relative));
        } catch (MalformedInputException e) {
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
