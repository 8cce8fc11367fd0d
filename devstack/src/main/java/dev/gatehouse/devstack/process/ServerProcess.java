package dev.gatehouse.devstack.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** One server in an operating-system process of its own, with its output in a file. */
public final class ServerProcess {

    /** The environment variable by which a process tells where it belongs, whatever became of who started it. */
    public static final String FOLDER = "GATEHOUSE_PROCESS_FOLDER";

    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration PAUSE_LIMIT = Duration.ofSeconds(5);
    private static final Duration BUSY_LIMIT = Duration.ofSeconds(3);

    private final String part;
    private final Process process;
    private final Path log;

    private ServerProcess(String part, Process process, Path log) {
        this.part = part;
        this.process = process;
        this.log = log;
    }

    /**
     * Starts the command; its output is appended to the log file.
     *
     * @param environment added to this process's own environment
     * @throws CannotStart if there is no such program
     */
    public static ServerProcess start(
            String part, List<String> command, Map<String, String> environment, Path directory, Path log) {
        try {
            Files.createDirectories(log.toAbsolutePath().getParent());
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(Redirect.appendTo(log.toFile()));
            builder.environment().putAll(environment);
            builder.environment().put(FOLDER, directory.toAbsolutePath().toString());
            return new ServerProcess(part, start(builder), log);
        } catch (IOException e) {
            throw new CannotStart(part + " does not start: " + e.getMessage() + ".", e);
        }
    }

    /**
     * A program that was just unpacked may be busy for a moment: a process that another thread starts at the same time
     * still holds the file that was open for writing when it was forked (execve(2), ETXTBSY).
     */
    private static Process start(ProcessBuilder builder) throws IOException {
        long end = System.nanoTime() + BUSY_LIMIT.toNanos();
        while (true) {
            try {
                return builder.start();
            } catch (IOException e) {
                if (!String.valueOf(e.getMessage()).contains("error: 26") || System.nanoTime() > end) {
                    throw e;
                }
                LockSupport.parkNanos(POLL.toNanos());
            }
        }
    }

    public long pid() {
        return process.pid();
    }

    public ProcessHandle handle() {
        return process.toHandle();
    }

    public boolean alive() {
        return process.isAlive();
    }

    /** The exit code of the ended process. */
    public int exitCode() {
        return process.exitValue();
    }

    /** Completes when the process has ended, however it ended. */
    public CompletableFuture<Process> ended() {
        return process.onExit();
    }

    /** SIGSTOP: the process keeps its memory, connections and locks, and does nothing. */
    public void pause() {
        pause(process.toHandle());
    }

    /**
     * SIGSTOP to any process; returns when none of its threads runs any more. On a busy machine that is later than the
     * signal: one thread has to be scheduled to stop the others.
     */
    public static void pause(ProcessHandle target) {
        signal(target, "STOP");
        long end = System.nanoTime() + PAUSE_LIMIT.toNanos();
        try {
            while (target.isAlive() && !stopped(target) && System.nanoTime() < end) {
                Thread.sleep(1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean stopped(ProcessHandle target) {
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + target.pid() + "/task"))) {
            for (Path thread : threads.toList()) {
                String line = Files.readString(thread.resolve("stat"));
                // "pid (name) state …", and a name may contain anything.
                if (line.charAt(line.lastIndexOf(')') + 2) != 'T') {
                    return false;
                }
            }
            return true;
        } catch (IOException gone) {
            return false;
        }
    }

    /** SIGCONT. */
    public void resume() {
        signal("CONT");
    }

    /** SIGKILL to the process and to what it started, and waits for the end. */
    public void kill() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        waitForEnd(Duration.ofSeconds(30));
        children.forEach(child ->
                child.onExit().completeOnTimeout(child, 10, TimeUnit.SECONDS).join());
    }

    /**
     * Sends the signal and waits for the end; SIGKILL when the limit has passed.
     *
     * @param signal without its prefix, for example "TERM"
     * @return whether the process ended by itself
     */
    public boolean stop(String signal, Duration limit) {
        if (!alive()) {
            return true;
        }
        // A paused process would not see the signal.
        signal("CONT");
        signal(signal);
        if (waitForEnd(limit)) {
            return true;
        }
        kill();
        return false;
    }

    /** Sends any signal by name without its prefix; no error if the process is gone. */
    public void signal(String name) {
        signal(process.toHandle(), name);
    }

    /** Sends any signal by name without its prefix; no error if the process is gone. */
    public static void signal(ProcessHandle target, String name) {
        if (!target.isAlive()) {
            return;
        }
        try {
            // The shell's own kill: a machine without procps still has it.
            new ProcessBuilder("sh", "-c", "kill -" + name + " " + target.pid() + " 2>/dev/null")
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Waits until the server is ready.
     *
     * @throws CannotStart with the reason from the log, as soon as the process has ended or when the limit has passed;
     *     the process is then gone
     */
    public void awaitReady(BooleanSupplier ready, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        while (!ready.getAsBoolean()) {
            if (!alive()) {
                throw new CannotStart(part + " ended with exit code " + exitCode() + " while starting: " + reason()
                        + " (log: " + log + ").");
            }
            if (System.nanoTime() > end) {
                kill();
                throw new CannotStart(part + " was not ready within " + limit.toSeconds() + " s: " + reason()
                        + " (log: " + log + ").");
            }
            if (waitForEnd(POLL)) {
                continue;
            }
        }
    }

    /** The line of the log that says best why the process ended. */
    public String reason() {
        List<String> lines = lastLines(log, 80);
        // Spring Boot explains a failed start in a paragraph of its own.
        int description = lines.lastIndexOf("Description:");
        Optional<String> explained = description < 0
                ? Optional.empty()
                : lines.stream()
                        .skip(description + 1L)
                        .filter(line -> !line.isBlank())
                        .findFirst();
        return explained
                .or(() -> lines.stream().filter(ServerProcess::complains).findFirst())
                .or(() -> lines.reversed().stream()
                        .filter(line -> !line.isBlank())
                        .findFirst())
                .map(String::strip)
                .orElse("it wrote nothing");
    }

    private static boolean complains(String line) {
        return line.contains("FATAL") || line.contains("PANIC") || line.contains("ERROR");
    }

    /** The last lines of a text file, without reading more than its last 64 KiB; empty if there is no file. */
    public static List<String> lastLines(Path file, int count) {
        try (var channel = Files.newByteChannel(file)) {
            long from = Math.max(0, channel.size() - 65536);
            channel.position(from);
            var buffer = java.nio.ByteBuffer.allocate(65536);
            while (channel.read(buffer) > 0) {
                // until the end of the file or of the buffer
            }
            List<String> lines = new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return lines.subList(Math.max(0, lines.size() - count), lines.size());
        } catch (IOException absent) {
            return List.of();
        }
    }

    private boolean waitForEnd(Duration limit) {
        try {
            return process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotStart(part + ": interrupted.", e);
        }
    }
}
