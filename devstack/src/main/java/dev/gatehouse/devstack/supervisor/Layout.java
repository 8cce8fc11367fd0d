package dev.gatehouse.devstack.supervisor;

import dev.gatehouse.devstack.process.CannotStart;
import dev.gatehouse.devstack.process.ServerProcess;
import dev.gatehouse.devstack.stores.PrivateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** A service's executable jar taken apart into the layout that starts fastest, and its start-up cache. */
final class Layout {

    private static final Map<Path, Object> GATES = new ConcurrentHashMap<>();

    private final Path target;
    private final String module;

    private Layout(Path target, String module) {
        this.target = target;
        this.module = module;
    }

    static Layout of(Path repository, String module) {
        return new Layout(repository.resolve(module).resolve("target"), module);
    }

    /**
     * The jar as Maven built it.
     *
     * @throws CannotStart if it is not built
     */
    Path built() {
        try (Stream<Path> jars = Files.isDirectory(target) ? Files.list(target) : Stream.empty()) {
            return jars.filter(jar -> jar.getFileName().toString().matches(module + "-.*-exec\\.jar"))
                    .findFirst()
                    .orElseThrow(() -> new CannotStart(module + " is not built: there is no " + module
                            + "-…-exec.jar in " + target + "; run `make build`."));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The start-up cache, if one was made from this very layout. */
    Optional<Path> cache() {
        Path cache = cacheFile();
        try {
            // The JVM compares times and sizes of the jars, and the build gives all jars the same time.
            Path stamp = extracted().resolveSibling(".built");
            if (Files.exists(cache)
                    && Files.getLastModifiedTime(cache).compareTo(Files.getLastModifiedTime(stamp)) >= 0) {
                return Optional.of(cache);
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Where the start-up cache is kept. */
    Path cacheFile() {
        return target.resolve(module + ".aot");
    }

    /** The jar to run; extracted anew when Maven has built another. */
    Path extracted() {
        // Threads of this JVM wait here; the file lock, an error within one JVM, is for other JVMs.
        synchronized (GATES.computeIfAbsent(target, absent -> new Object())) {
            return extractedByOne();
        }
    }

    private Path extractedByOne() {
        Path built = built();
        Path folder = target.resolve("layout");
        Path stamp = folder.resolve(".built");
        try (FileChannel channel = FileChannel.open(
                        target.resolve(".layout.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            String identity = Files.size(built) + " " + Files.getAttribute(built, "unix:ctime");
            Path jar = folder.resolve(built.getFileName());
            if (lock.isValid()
                    && Files.exists(jar)
                    && Files.exists(stamp)
                    && Files.readString(stamp).equals(identity)) {
                return jar;
            }
            Path fresh = target.resolve("layout.new");
            PrivateFiles.delete(fresh);
            extract(built, fresh);
            Files.writeString(fresh.resolve(".built"), identity);
            PrivateFiles.delete(folder);
            Files.move(fresh, folder, StandardCopyOption.ATOMIC_MOVE);
            return jar;
        } catch (IOException e) {
            throw new CannotStart(
                    module + "'s jar cannot be extracted into " + folder + ": " + e.getMessage() + ".", e);
        }
    }

    private void extract(Path built, Path destination) {
        Path log = target.resolve("layout.log");
        ServerProcess extraction = ServerProcess.start(
                "the extraction of " + module,
                List.of(
                        java(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Djarmode=tools",
                        "-jar",
                        built.toString(),
                        "extract",
                        "--destination",
                        destination.toString()),
                Map.of(),
                target,
                log);
        if (extraction.ended().join().exitValue() != 0) {
            throw new CannotStart(module + "'s jar " + built + " cannot be extracted: " + extraction.reason() + ".");
        }
    }

    /** The java program of the JDK this JVM runs on. */
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
