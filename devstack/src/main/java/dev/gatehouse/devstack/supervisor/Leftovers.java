package dev.gatehouse.devstack.supervisor;

import dev.gatehouse.devstack.process.ServerProcess;
import dev.gatehouse.devstack.stores.PostgresServer;
import dev.gatehouse.devstack.stores.RedisServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The processes of a data directory whoever started them: every one says in its environment where it belongs, PostgreSQL
 * and Redis, which overwrite theirs, in a file.
 */
public final class Leftovers {

    private Leftovers() {}

    /** All processes that belong to the directory, this one and its ancestors excepted. */
    public static List<ProcessHandle> in(Path home) {
        Path directory = home.toAbsolutePath().normalize();
        Set<ProcessHandle> found = new LinkedHashSet<>();
        ProcessHandle.allProcesses()
                .filter(process -> belongs(process, directory))
                .forEach(found::add);
        found.addAll(databases(directory));
        RedisServer.orphan(directory.resolve("redis")).ifPresent(found::add);
        for (ProcessHandle mine = ProcessHandle.current();
                mine != null;
                mine = mine.parent().orElse(null)) {
            found.remove(mine);
        }
        return List.copyOf(found);
    }

    /** The JVMs that run the platform of the directory from the command line, this one excepted. */
    public static List<ProcessHandle> supervisors(Path home) {
        String mark = "-Dgatehouse.home=" + home.toAbsolutePath().normalize();
        return ProcessHandle.allProcesses()
                .filter(process -> !process.equals(ProcessHandle.current()))
                .filter(process -> {
                    List<String> words = commandLine(process);
                    return words.contains(mark) && words.getLast().equals("up");
                })
                .toList();
    }

    /** Ends all of them: in order as far as they listen, by force after the limit. */
    public static void end(Path home, Duration limit) {
        Path directory = home.toAbsolutePath().normalize();
        List<ProcessHandle> services = in(directory);
        if (services.isEmpty()) {
            return;
        }
        List<ProcessHandle> databases = databases(directory);
        for (ProcessHandle process : services) {
            ServerProcess.signal(process, "CONT");
            if (!databases.contains(process)) {
                ServerProcess.signal(process, "TERM");
            }
        }
        long end = System.nanoTime() + limit.toNanos();
        for (ProcessHandle process : services) {
            if (databases.contains(process)) {
                continue;
            }
            long left = Math.max(1, end - System.nanoTime());
            process.onExit()
                    .completeOnTimeout(process, left, TimeUnit.NANOSECONDS)
                    .join();
            if (process.isAlive()) {
                process.destroyForcibly();
                process.onExit().join();
            }
        }
        // Last, when nobody uses it any more.
        databases.forEach(PostgresServer::endOrphan);
    }

    /** The part a process of the directory is: the name of its folder, for example billing-service or postgres. */
    public static String nameOf(ProcessHandle process, Path home) {
        Path directory = home.toAbsolutePath().normalize();
        if (databases(directory).contains(process)) {
            return "postgresql";
        }
        if (RedisServer.orphan(directory.resolve("redis"))
                .filter(process::equals)
                .isPresent()) {
            return "redis";
        }
        return folderOf(process).map(folder -> folder.getFileName().toString()).orElse("?");
    }

    /** PostgreSQL's servers: the platform's own and its standbys. */
    private static List<ProcessHandle> databases(Path directory) {
        try (Stream<Path> folders = Files.list(directory)) {
            return folders.filter(folder -> folder.getFileName().toString().startsWith("postgres"))
                    .flatMap(folder -> PostgresServer.orphan(folder).stream())
                    .toList();
        } catch (IOException none) {
            return List.of();
        }
    }

    private static List<String> commandLine(ProcessHandle process) {
        try {
            return List.of(Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"))
                    .split("\0"));
        } catch (IOException gone) {
            return List.of();
        }
    }

    private static boolean belongs(ProcessHandle process, Path directory) {
        return folderOf(process).filter(folder -> folder.startsWith(directory)).isPresent();
    }

    private static Optional<Path> folderOf(ProcessHandle process) {
        try {
            String environment = new String(
                    Files.readAllBytes(Path.of("/proc/" + process.pid() + "/environ")), StandardCharsets.UTF_8);
            return Arrays.stream(environment.split("\0"))
                    .filter(variable -> variable.startsWith(ServerProcess.FOLDER + "="))
                    .map(variable -> Path.of(variable.substring(ServerProcess.FOLDER.length() + 1)))
                    .findFirst();
        } catch (IOException goneOrNotOurs) {
            return Optional.empty();
        }
    }
}
