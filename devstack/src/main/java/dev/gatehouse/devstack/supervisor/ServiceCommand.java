package dev.gatehouse.devstack.supervisor;

import java.util.ArrayList;
import java.util.List;

/** How a service's process is started in development: soon ready and small, not fast for long. */
final class ServiceCommand {

    private ServiceCommand() {}

    static List<String> of(PlatformSettings settings, Service service) {
        List<String> options = settings.jvmOptions().getOrDefault(service, List.of());
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
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED"));
        boolean training = options.stream().anyMatch(option -> option.startsWith("-XX:AOTCacheOutput"));
        if (settings.startupCaches() && !training) {
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
