package dev.gatehouse.devstack.faults;

import dev.gatehouse.devstack.process.CannotStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Loses packets to and from one port of the loopback interface, which TCP has to make good; by iptables, for root alone.
 * Others' packets are not touched, and a rule that a killed JVM left goes with the next loss on its port.
 */
public final class PacketLoss implements AutoCloseable {

    private static final Path IPTABLES = Path.of("/usr/sbin/iptables");

    private final List<List<String>> rules;

    private PacketLoss(List<List<String>> rules) {
        this.rules = rules;
    }

    /** Whether this process may lose packets; if not, drills of it are left out. */
    public static boolean possible() {
        return SmallDisk.possible() && Files.isExecutable(IPTABLES);
    }

    /**
     * Loses that share of the port's packets until it is closed.
     *
     * @param share above 0, at most 1
     * @throws IllegalArgumentException for another share
     * @throws CannotStart in one line, for example without the right
     */
    public static PacketLoss on(int port, double share) {
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("A share is above 0 and at most 1, not " + share + ".");
        }
        List<List<String>> rules = new ArrayList<>();
        for (String side : List.of("--dport", "--sport")) {
            rules.add(List.of(
                    "INPUT",
                    "-i",
                    "lo",
                    "-p",
                    "tcp",
                    side,
                    Integer.toString(port),
                    "-m",
                    "statistic",
                    "--mode",
                    "random",
                    "--probability",
                    String.format(Locale.ROOT, "%.4f", share),
                    "-j",
                    "DROP"));
        }
        PacketLoss loss = new PacketLoss(rules);
        loss.close();
        rules.forEach(rule -> run("-A", rule));
        return loss;
    }

    /** Loses nothing more. */
    @Override
    public void close() {
        for (List<String> rule : rules) {
            while (ask("-C", rule) == 0) {
                run("-D", rule);
            }
        }
    }

    private static void run(String verb, List<String> rule) {
        if (ask(verb, rule) != 0) {
            throw new CannotStart("Packets cannot be lost: iptables refuses " + String.join(" ", rule) + ".");
        }
    }

    private static int ask(String verb, List<String> rule) {
        List<String> command = new ArrayList<>(List.of(IPTABLES.toString(), "-w", verb));
        command.addAll(rule);
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getInputStream().readAllBytes();
            return process.waitFor();
        } catch (IOException e) {
            throw new CannotStart("Packets cannot be lost: " + e.getMessage() + ".", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotStart("interrupted", e);
        }
    }
}
