package dev.gatehouse.drills;

import dev.gatehouse.devstack.process.CannotStart;
import dev.gatehouse.devstack.supervisor.PlatformSettings;
import dev.gatehouse.drills.campaign.Campaign;
import dev.gatehouse.drills.campaign.Drill;
import dev.gatehouse.drills.campaign.Pace;
import dev.gatehouse.drills.campaign.Result;
import dev.gatehouse.drills.faults.BrokerFaults;
import dev.gatehouse.drills.faults.CacheFaults;
import dev.gatehouse.drills.faults.DatabaseFaults;
import dev.gatehouse.drills.faults.LinkFaults;
import dev.gatehouse.drills.faults.MachineFaults;
import dev.gatehouse.drills.faults.Mutants;
import dev.gatehouse.drills.faults.OperatorFaults;
import dev.gatehouse.drills.faults.PointFaults;
import dev.gatehouse.drills.faults.ProcessFaults;
import dev.gatehouse.drills.faults.ProviderFaults;
import dev.gatehouse.drills.faults.RandomFaults;
import dev.gatehouse.drills.faults.StandbyFaults;
import dev.gatehouse.drills.report.FaultsPage;
import dev.gatehouse.drills.report.Results;
import dev.gatehouse.drills.report.Sources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * {@code make drill}: all drills, or those that NAME names (comma-separated; {@code list} prints them). SEED, RATE (orders
 * a second), STRETCH and REPEATS set the pace.
 */
public final class Drills {

    private Drills() {}

    /** Exit code 0 if every drill showed what it should, 1 if one did not or was left out, 2 for a wrong command. */
    public static void main(String[] arguments) throws Exception {
        Map<String, String> environment = System.getenv();
        String names = environment.getOrDefault("NAME", "");
        List<Drill> all = all();
        if (names.equals("list")) {
            all.forEach(drill -> System.out.printf("%-28s %s%s%n", drill.name(), drill.fault(), unmet(drill)));
            return;
        }
        List<String> wanted = names.isEmpty() ? List.of() : Arrays.asList(names.split(","));
        for (String name : wanted) {
            if (all.stream().noneMatch(drill -> drill.name().equals(name))) {
                System.err.println("There is no drill " + name + ": make drill NAME=list shows them.");
                System.exit(2);
            }
        }
        List<Drill> chosen = all.stream()
                .filter(drill -> wanted.isEmpty() || wanted.contains(drill.name()))
                .toList();
        List<Drill> possible =
                chosen.stream().filter(drill -> drill.need().met()).toList();
        chosen.stream()
                .filter(drill -> !drill.need().met())
                .forEach(drill -> System.err.println("left out: " + drill.name() + unmet(drill)));
        Path repository = PlatformSettings.repositoryAbove(Path.of(""));
        Path folder = repository.resolve("tests/drills/target/drills");
        String code = Sources.hash(repository);
        Path proof = repository.resolve("docs/proof");
        Results results = new Results(proof.resolve("faults.json"));
        Pace pace = new Pace(
                Long.parseLong(environment.getOrDefault("SEED", "1")),
                Double.parseDouble(environment.getOrDefault("RATE", "8")),
                Double.parseDouble(environment.getOrDefault("READS", "8")),
                Double.parseDouble(environment.getOrDefault("STRETCH", "1")),
                Double.parseDouble(environment.getOrDefault("REPEATS", "1")));
        try {
            List<Result> done = new Campaign(folder, pace, code, result -> {
                        System.out.println(FaultsPage.line(result));
                        results.keep(result);
                        write(proof.resolve("faults.md"), FaultsPage.of(results.all(), code));
                    })
                    .run(possible);
            System.exit(done.stream().allMatch(Result::passed) && done.size() == chosen.size() ? 0 : 1);
        } catch (CannotStart e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private static String unmet(Drill drill) {
        return drill.need().met() ? "" : " (needs " + drill.need().words() + ")";
    }

    private static List<Drill> all() {
        return Stream.of(
                        ProcessFaults.drills(),
                        BrokerFaults.drills(),
                        DatabaseFaults.drills(),
                        CacheFaults.drills(),
                        ProviderFaults.drills(),
                        OperatorFaults.drills(),
                        LinkFaults.drills(),
                        StandbyFaults.drills(),
                        MachineFaults.drills(),
                        RandomFaults.drills(),
                        PointFaults.drills(),
                        Mutants.drills())
                .flatMap(List::stream)
                .toList();
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
