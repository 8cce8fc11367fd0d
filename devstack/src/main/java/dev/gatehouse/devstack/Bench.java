package dev.gatehouse.devstack;

import dev.gatehouse.devstack.process.CannotStart;
import dev.gatehouse.devstack.stores.PrivateFiles;
import dev.gatehouse.devstack.supervisor.Leftovers;
import dev.gatehouse.devstack.supervisor.Memory;
import dev.gatehouse.devstack.supervisor.PlatformSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Measures the time from the command to the first successful request, and the memory of all processes. */
final class Bench {

    private static final int RUNS = 3;

    private Bench() {}

    static int run(PlatformSettings settings) {
        List<Double> cold = new ArrayList<>();
        List<Double> warm = new ArrayList<>();
        Map<String, Long> memory = new TreeMap<>();
        try {
            for (int run = 1; run <= RUNS; run++) {
                Path home = Files.createTempDirectory("gatehouse-bench");
                cold.add(start(home, Map.of()));
                warm.add(start(home, memory));
                PrivateFiles.delete(home);
                System.out.printf(
                        Locale.ROOT, "run %d: cold %.1f s, warm %.1f s%n", run, cold.getLast(), warm.getLast());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        System.out.printf(
                Locale.ROOT,
                "%nfrom the command to the first successful request through the gateway, median of %d:%n"
                        + "  cold (no data directory)   %5.1f s%n  warm (data kept)           %5.1f s%n",
                RUNS,
                median(cold),
                median(warm));
        System.out.println("\nmemory (PSS) after the first request:");
        memory.forEach((process, kib) -> System.out.printf(Locale.ROOT, "  %-22s %6d MiB%n", process, kib / 1024));
        long total = memory.values().stream().mapToLong(Long::longValue).sum();
        System.out.printf(Locale.ROOT, "  %-22s %6d MiB%n", "total", total / 1024);
        return 0;
    }

    /** Starts the platform as a process like this one, and stops it again; fills the memory of each part if asked. */
    private static double start(Path home, Map<String, Long> memory) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> !option.startsWith("-Dgatehouse.home="))
                .forEach(command::add);
        command.addAll(List.of(
                "-Dgatehouse.home=" + home,
                "-cp",
                System.getProperty("java.class.path"),
                Devstack.class.getName(),
                "up"));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("GATEHOUSE_HOME", home.toString());
        builder.environment().put("PORTS", "free");
        long start = System.nanoTime();
        Process process = builder.start();
        double seconds = 0;
        StringBuilder said = new StringBuilder();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                said.append(line).append(' ');
                if (line.contains("request through the gateway")) {
                    seconds = (System.nanoTime() - start) / 1e9;
                }
                if (line.equals("--ready--")) {
                    break;
                }
            }
            if (seconds == 0) {
                throw new CannotStart("The platform did not start: " + said);
            }
            if (memory instanceof TreeMap) {
                measure(process, home, memory);
            }
        } finally {
            process.destroy();
            process.onExit().join();
            Leftovers.end(home, java.time.Duration.ofSeconds(30));
        }
        return seconds;
    }

    private static void measure(Process supervisor, Path home, Map<String, Long> memory) {
        memory.clear();
        memory.put("devstack", Memory.proportionalKib(supervisor.pid()).orElse(0));
        for (ProcessHandle process : Leftovers.in(home)) {
            memory.merge(
                    Leftovers.nameOf(process, home),
                    Memory.proportionalKib(process.pid()).orElse(0),
                    Long::sum);
            // The backends of PostgreSQL do not tell where they belong.
            process.descendants()
                    .filter(child -> !Leftovers.in(home).contains(child))
                    .forEach(child -> memory.merge(
                            Leftovers.nameOf(process, home),
                            Memory.proportionalKib(child.pid()).orElse(0),
                            Long::sum));
        }
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
