package dev.gatehouse.devstack.supervisor;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * Stands for a service: a jar that can be taken apart like Spring Boot's and that is ready at once, so that the supervisor is
 * tested before there are services.
 *
 * <p>{@code /environment/NAME} answers what it was told. STUB=fail: ends with an error instead of starting. STUB=fleeting: ends three seconds after it began to listen, time
 * enough to be seen ready on a busy machine.
 */
public final class StubService {

    private StubService() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 0 && arguments[0].equals("extract")) {
            Path jar = Path.of(System.getProperty("java.class.path"));
            Path target = Path.of(arguments[2]);
            Files.createDirectories(target);
            Files.copy(jar, target.resolve(jar.getFileName()));
            return;
        }
        String stub = System.getenv().getOrDefault("STUB", "");
        if (stub.equals("fail")) {
            System.out.println("2026-11-21 ERROR the stub was told to fail");
            System.exit(3);
        }
        listen("MANAGEMENT_SERVER_PORT");
        listen("SERVER_PORT");
        if (stub.equals("fleeting")) {
            Thread.sleep(3_000);
            System.exit(4);
        }
    }

    private static void listen(String variable) throws IOException {
        HttpServer server = HttpServer.create(
                new InetSocketAddress(System.getenv("SERVER_ADDRESS"), Integer.parseInt(System.getenv(variable))), 0);
        server.createContext("/", exchange -> {
            String asked = exchange.getRequestURI().getPath().replaceFirst("^/environment/", "");
            byte[] body = System.getenv().getOrDefault(asked, "none").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    /** A folder that looks like this repository with all services built. */
    static Path repository(Path folder) throws IOException {
        Files.createDirectories(folder.resolve("devstack"));
        Files.writeString(folder.resolve("devstack/pom.xml"), "<project/>");
        for (Service service : Service.values()) {
            Path target =
                    Files.createDirectories(folder.resolve(service.module()).resolve("target"));
            write(target.resolve(service.module() + "-1-exec.jar"));
        }
        return folder;
    }

    private static void write(Path jar) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, StubService.class.getName());
        String name = StubService.class.getName().replace('.', '/') + ".class";
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                InputStream in = StubService.class.getClassLoader().getResourceAsStream(name)) {
            out.putNextEntry(new JarEntry(name));
            in.transferTo(out);
        }
    }
}
