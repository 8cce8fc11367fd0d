package dev.gatehouse.devstack.supervisor;

import java.util.ArrayList;
import java.util.List;

/** How a service's process is started in development: small, and soon ready unless it is to be fast for long. */
final class ServiceCommand {

    private ServiceCommand() {}

    /** The command with further options of one copy, which win over those of its service. */
    static List<String> of(PlatformSettings settings, Service service, List<String> ofCopy) {
        List<String> options = new ArrayList<>(settings.jvmOptions().getOrDefault(service, List.of()));
        options.addAll(ofCopy);
        Layout layout = Layout.of(settings.repository(), service.module());
        String jar = layout.extracted().toString();
        List<String> command = new ArrayList<>();
        command.add(Layout.java());
        command.addAll(List.of(
                "-Dgatehouse.home=" + settings.home(),
                // Else the JVM takes the whole heap at once.
                "-Xms48m",
                "-Xmx" + heapMegabytes(service) + "m",
                "-XX:+UseSerialGC",
                // Else every step of its growth is a full collection, most of them during the start.
                "-XX:MetaspaceSize=192m",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED"));
        if (!settings.topology().bothCompilers()) {
            command.add("-XX:TieredStopAtLevel=1");
        }
        // Neither while it is made, nor with an agent: classes from the cache are not shown to one.
        boolean without = options.stream()
                .anyMatch(option -> option.startsWith("-XX:AOTCacheOutput") || option.startsWith("-javaagent"));
        if (settings.startupCaches() && !without) {
            layout.cache().ifPresent(cache -> command.add("-XX:AOTCache=" + cache));
        }
        command.addAll(options);
        command.addAll(List.of("-jar", jar));
        return command;
    }

    private static int heapMegabytes(Service service) {
        return service == Service.GATEWAY ? 160 : 224;
    }
}
