package dev.gatehouse.inventory.problem;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.valves.ErrorReportValve;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatusCode;

/**
 * What Tomcat refuses before any of our code runs, such as a request line that is none or a header that is too large:
 * Tomcat would answer with a page of HTML. There is no application context here, so the little JSON is written by hand, from
 * fixed texts only. The address is left out: it is what was wrong.
 */
public final class ContainerProblems extends ErrorReportValve {

    @Override
    protected void report(Request request, Response response, Throwable failure) {
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        ProblemType type = ProblemType.of(HttpStatusCode.valueOf(status));
        byte[] body = """
                {"type":"%s","title":"%s","status":%d,"detail":"The server could not take the request as it came"}""".formatted(type.uri(), type.title(), status).getBytes(StandardCharsets.UTF_8);
        response.setContentType("application/problem+json");
        response.setContentLength(body.length);
        try {
            response.getOutputStream().write(body);
            response.finishResponse();
        } catch (IOException e) {
            container.getLogger().debug("client left before its problem was written", e);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Installation {

        @Bean
        WebServerFactoryCustomizer<TomcatServletWebServerFactory> problemsOfTheContainer() {
            return factory -> factory.addContextCustomizers(context -> {
                if (context.getParent() instanceof StandardHost host) {
                    host.setErrorReportValveClass(ContainerProblems.class.getName());
                }
            });
        }
    }
}
