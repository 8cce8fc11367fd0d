package dev.gatehouse.devstack.payments;

import dev.gatehouse.devstack.payments.HttpListener.Answer;
import dev.gatehouse.devstack.payments.HttpListener.Request;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The drill's switches over HTTP, below {@code /control}: GET {@code journal}; GET, POST and DELETE {@code faults}; GET
 * {@code webhooks}, POST {@code webhooks/{id}/resend}, PUT {@code webhook-url}.
 */
final class ControlApi {

    private static final Set<String> PLAN_MEMBERS =
            Set.of("operation", "fault", "orderId", "times", "every", "delayMillis", "copies", "amountDelta");

    private final PaymentProviderSimulator simulator;

    ControlApi(PaymentProviderSimulator simulator) {
        this.simulator = simulator;
    }

    Answer handle(Request request) {
        if (!("Bearer " + simulator.apiKey()).equals(request.headers().get("authorization"))) {
            return message(401, "The control address wants the API key as a bearer token.");
        }
        try {
            return switch (request.method() + " " + request.path().substring("/control".length())) {
                case "GET /journal" -> json(simulator.journal());
                case "GET /faults" -> json(simulator.faults());
                case "POST /faults" -> {
                    simulator.plan(plan(StripeJson.MAPPER.readTree(request.body())));
                    yield json(simulator.faults());
                }
                case "DELETE /faults" -> {
                    simulator.clearFaults();
                    yield json(simulator.faults());
                }
                case "GET /webhooks" -> json(simulator.webhooks());
                case "PUT /webhook-url" -> {
                    String url = text(StripeJson.MAPPER.readTree(request.body()), "url");
                    simulator.deliverWebhooksTo(url == null ? null : URI.create(url));
                    yield json(Map.of());
                }
                default -> resend(request);
            };
        } catch (JacksonException | IllegalArgumentException e) {
            return message(400, String.valueOf(e.getMessage()));
        }
    }

    private Answer resend(Request request) {
        String prefix = "/control/webhooks/";
        String suffix = "/resend";
        String path = request.path();
        if (request.method().equals("POST") && path.startsWith(prefix) && path.endsWith(suffix)) {
            String event = path.substring(prefix.length(), Math.max(prefix.length(), path.length() - suffix.length()));
            return simulator.resendWebhook(event) ? json(Map.of()) : message(404, "No such event: " + event);
        }
        return message(404, "No such control: " + request.method() + " " + path);
    }

    private static FaultPlan plan(JsonNode json) {
        for (String member : json.propertyNames()) {
            if (!PLAN_MEMBERS.contains(member)) {
                throw new IllegalArgumentException("Unknown member " + member + "; known are " + PLAN_MEMBERS);
            }
        }
        String fault = text(json, "fault");
        if (fault == null) {
            throw new IllegalArgumentException("A plan needs a fault.");
        }
        String operation = text(json, "operation");
        FaultPlan plan = FaultPlan.once(operation == null ? Operation.ANY : Operation.of(operation), Fault.of(fault));
        String order = text(json, "orderId");
        return (order == null ? plan : plan.order(order))
                .times(json.path("times").asInt(plan.times()))
                .every(json.path("every").asInt(plan.every()))
                .delay(Duration.ofMillis(
                        json.path("delayMillis").asLong(plan.delay().toMillis())))
                .copies(json.path("copies").asInt(plan.copies()))
                .amountDelta(json.path("amountDelta").asLong(plan.amountDelta()));
    }

    private static @Nullable String text(JsonNode json, String member) {
        JsonNode value = json.get(member);
        return value == null || value.isNull() ? null : value.asString();
    }

    private static Answer json(Object value) {
        return Answer.json(200, Map.of(), StripeJson.MAPPER.writeValueAsString(value));
    }

    private static Answer message(int status, String text) {
        return Answer.json(status, Map.of(), StripeJson.MAPPER.writeValueAsString(Map.of("message", text)));
    }
}
