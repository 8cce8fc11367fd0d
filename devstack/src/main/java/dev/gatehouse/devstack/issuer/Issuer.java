package dev.gatehouse.devstack.issuer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.web.context.support.StandardServletEnvironment;

/**
 * A running OpenID Connect issuer, inside the calling program.
 *
 * <p>It reads no configuration file and no environment variable, and leaves logging to the program it runs in.
 */
public final class Issuer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Issuer.class);

    private final IssuerSettings settings;
    private final SigningKeys keys;
    private final ConfigurableApplicationContext context;

    private Issuer(IssuerSettings settings, SigningKeys keys, ConfigurableApplicationContext context) {
        this.settings = settings;
        this.keys = keys;
        this.context = context;
    }

    /**
     * Starts an issuer; it answers when this returns. Call it on a platform thread.
     *
     * @throws IllegalStateException if the port is taken or the keys are damaged, with one line that says which
     */
    public static Issuer start(IssuerSettings settings) {
        requireFree(settings.port());
        SigningKeys keys = SigningKeys.open(settings.directory());
        SpringApplication application = new SpringApplication(IssuerConfiguration.class);
        application.setWebApplicationType(WebApplicationType.SERVLET);
        // No listener means no logging system, no configuration files and no pre-initialising threads of Boot's own.
        application.setListeners(List.of());
        application.setEnvironment(environment(settings));
        application.setBannerMode(Banner.Mode.OFF);
        application.setLogStartupInfo(false);
        application.setRegisterShutdownHook(false);
        application.addInitializers(context -> {
            GenericApplicationContext beans = (GenericApplicationContext) context;
            beans.registerBean(IssuerSettings.class, () -> settings);
            beans.registerBean(SigningKeys.class, () -> keys);
        });
        ConfigurableApplicationContext context = application.run();
        log.info("issuer listens on {}", settings.issuerUri());
        return new Issuer(settings, keys, context);
    }

    /** The issuer's name, which is also its address, without a slash at its end. */
    public String issuerUri() {
        return settings.issuerUri();
    }

    /** Where tokens are fetched. */
    public String tokenUri() {
        return issuerUri() + "/oauth2/token";
    }

    /** Where a browser is sent to log in. */
    public String authorizationUri() {
        return issuerUri() + "/oauth2/authorize";
    }

    /** A new key signs from now on; the earlier two stay published. */
    public void rotateKey() {
        keys.rotate();
    }

    /** Stops listening; the keys stay in their directory. */
    @Override
    public void close() {
        context.close();
    }

    private static StandardServletEnvironment environment(IssuerSettings settings) {
        StandardServletEnvironment environment = new StandardServletEnvironment();
        environment.getPropertySources().remove(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
        environment
                .getPropertySources()
                .addFirst(new MapPropertySource(
                        "issuer",
                        Map.of(
                                "server.port",
                                settings.port(),
                                "server.address",
                                settings.address(),
                                "server.servlet.session.cookie.name",
                                "GATEHOUSE_ISSUER_SESSION",
                                "server.servlet.session.cookie.same-site",
                                "lax",
                                "server.tomcat.basedir",
                                settings.directory().resolve("tomcat").toString(),
                                "server.tomcat.threads.max",
                                16,
                                "server.tomcat.threads.min-spare",
                                1,
                                "spring.web.resources.add-mappings",
                                false)));
        return environment;
    }

    private static void requireFree(int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
        } catch (BindException e) {
            throw new IllegalStateException(
                    "Port " + port + " of 127.0.0.1 is taken; the issuer cannot listen there.", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
