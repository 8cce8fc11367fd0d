package dev.gatehouse.devstack.payments;

import dev.gatehouse.devstack.payments.HttpListener.Answer;
import dev.gatehouse.devstack.payments.HttpListener.Ending;
import dev.gatehouse.devstack.payments.HttpListener.Request;
import dev.gatehouse.devstack.payments.TestPaymentMethod.Behaviour;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Currency;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/** Stripe's operations on payment intents, refunds and events, with idempotency keys and planned faults. */
final class PaymentApi {

    private static final Logger log = LoggerFactory.getLogger(PaymentApi.class);
    private static final long MAX_AMOUNT = 99_999_999;
    private static final Set<String> CREATE_PARAMS = Set.of(
            "amount",
            "automatic_payment_methods",
            "capture_method",
            "confirm",
            "confirmation_method",
            "currency",
            "description",
            "error_on_requires_action",
            "expand",
            "metadata",
            "off_session",
            "payment_method",
            "payment_method_types",
            "receipt_email",
            "return_url",
            "statement_descriptor",
            "statement_descriptor_suffix");
    private static final Set<String> CONFIRM_PARAMS =
            Set.of("error_on_requires_action", "expand", "off_session", "payment_method", "return_url");
    private static final Set<String> CAPTURE_PARAMS = Set.of(
            "amount_to_capture", "expand", "final_capture", "statement_descriptor", "statement_descriptor_suffix");
    private static final Set<String> CANCEL_PARAMS = Set.of("cancellation_reason", "expand");
    private static final Set<String> REFUND_PARAMS =
            Set.of("amount", "charge", "expand", "metadata", "payment_intent", "reason");
    private static final Set<String> LIST_PARAMS =
            Set.of("created", "ending_before", "expand", "limit", "payment_intent", "starting_after", "type");

    private final PaymentProviderSettings settings;
    private final PaymentBook book;
    private final Webhooks webhooks;
    private final Faults faults;
    private final ScheduledExecutorService timer;
    private final SecureRandom random = new SecureRandom();

    PaymentApi(
            PaymentProviderSettings settings,
            PaymentBook book,
            Webhooks webhooks,
            Faults faults,
            ScheduledExecutorService timer) {
        this.settings = settings;
        this.book = book;
        this.webhooks = webhooks;
        this.faults = faults;
        this.timer = timer;
    }

    /** Ends what an earlier run left in {@code processing}. */
    void resume() {
        for (Intent intent : book.newestFirst()) {
            if (intent.status() == Intent.Status.PROCESSING) {
                settleLater(intent.id());
            }
        }
    }

    Answer handle(Request request) throws InterruptedException {
        Call call = new Call(id("req_"), request.headers().get("idempotency-key"));
        try {
            authenticate(request);
            Route route = Route.of(request.method(), request.path());
            Form form = Form.parse(request.method().equals("POST") ? request.body() : request.query());
            call.expand = form.list("expand");
            StripeJson.checkExpand(call.expand);
            call.fault = faults.take(route.operation(), orderId(route, form));
            return answer(request, route, form, call);
        } catch (StripeError e) {
            return reply(call, e.status(), StripeJson.error(e).toString());
        } catch (RuntimeException e) {
            log.error("{} {} failed", request.method(), request.path(), e);
            return reply(call, 500, StripeJson.error(StripeError.internal()).toString());
        }
    }

    private Answer answer(Request request, Route route, Form form, Call call) throws InterruptedException {
        Fault fault = call.fault == null ? null : call.fault.fault();
        if (fault == Fault.ERROR_BEFORE) {
            throw StripeError.internal();
        }
        if (fault == Fault.RATE_LIMIT) {
            throw StripeError.rateLimit();
        }
        if (fault == Fault.KEY_REFUSED) {
            throw StripeError.unauthorized("Expired API Key provided.");
        }
        if (fault == Fault.RESET_BEFORE) {
            return reply(call, 500, "").ending(Ending.RESET);
        }
        Answer answer = request.method().equals("POST")
                ? onceByKey(request, route, form, call)
                : reply(call, 200, read(route, form, call).toString());
        if (call.hold) {
            Thread.sleep(settings.answerHold());
        }
        if (call.fault != null && fault == Fault.DELAY) {
            Thread.sleep(call.fault.delay());
        }
        if (fault == Fault.ERROR_AFTER || call.failAfter) {
            return reply(call, 500, StripeJson.error(StripeError.internal()).toString());
        }
        if (fault == Fault.RESET_AFTER) {
            return answer.ending(Ending.RESET);
        }
        return fault == Fault.CUT_ANSWER ? answer.ending(Ending.CUT) : answer;
    }

    private Answer onceByKey(Request request, Route route, Form form, Call call) {
        String key = call.key;
        if (key == null) {
            return write(route, form, call);
        }
        if (key.isEmpty() || key.length() > 255) {
            throw StripeError.invalid(null, null, "Idempotency keys have 1 to 255 characters.");
        }
        call.fingerprint = sha256(request.method() + " " + request.path() + " " + form.canonical());
        Journal.Line earlier = book.claim(key, call.fingerprint);
        if (earlier != null) {
            return replay(earlier, call);
        }
        try {
            return write(route, form, call);
        } finally {
            book.abandon(key); // a no-op if the key has an answer by now
        }
    }

    private Answer replay(Journal.Line earlier, Call call) {
        Journal.Saved saved = Objects.requireNonNull(earlier.answer());
        Answer answer = reply(call, saved.status(), body(earlier, saved));
        answer.headers().put("Idempotent-Replayed", "true");
        answer.headers().put("Original-Request", saved.requestId());
        return answer;
    }

    private static String body(Journal.Line line, Journal.Saved saved) {
        if (saved.error() != null) {
            return saved.error();
        }
        return object(Objects.requireNonNull(line.after()), line.refund(), saved.expand())
                .toString();
    }

    private static ObjectNode object(Intent intent, @Nullable String refundId, List<String> expand) {
        for (Intent.Refund refund : intent.refunds()) {
            if (refund.id().equals(refundId)) {
                return StripeJson.refund(intent, refund, expand);
            }
        }
        return StripeJson.intent(intent, expand);
    }

    private Answer write(Route route, Form form, Call call) {
        try {
            return switch (route.operation()) {
                case CREATE -> create(form, call);
                case CONFIRM -> book.exclusively(route.id(), () -> confirm(book.intent(route.id()), form, call));
                case CAPTURE -> book.exclusively(route.id(), () -> capture(book.intent(route.id()), form, call));
                case CANCEL -> book.exclusively(route.id(), () -> cancel(book.intent(route.id()), form, call));
                case REFUND -> {
                    String target = refundTarget(form);
                    yield book.exclusively(target, () -> refund(book.intent(target), form, call));
                }
                default -> throw new IllegalStateException("Not a writing operation: " + route);
            };
        } catch (StripeError e) {
            if (e.saved() && call.key != null) {
                String error = StripeJson.error(e).toString();
                book.record(sequence -> new Journal.Line(
                        sequence,
                        Instant.now(),
                        null,
                        null,
                        null,
                        call.key,
                        null,
                        null,
                        call.saved(e.status(), error),
                        null));
            }
            throw e;
        }
    }

    private Answer create(Form form, Call call) {
        form.allowOnly(CREATE_PARAMS);
        form.required("amount");
        long amount = amount(form, "amount", Long.MAX_VALUE);
        String currency = currency(form.required("currency"));
        boolean manual = form.oneOf("capture_method", "automatic", Set.of("automatic", "automatic_async", "manual"))
                .equals("manual");
        String token = form.get("payment_method");
        TestPaymentMethod method = token == null ? null : TestPaymentMethod.of(token);
        Intent intent = new Intent(
                id("pi_"),
                Instant.now().getEpochSecond(),
                amount + call.amountDelta(),
                currency,
                token == null ? Intent.Status.REQUIRES_PAYMENT_METHOD : Intent.Status.REQUIRES_CONFIRMATION,
                manual,
                0,
                0,
                metadata(form),
                form.get("description"),
                token,
                null,
                null,
                null,
                List.of());
        if (!form.flag("confirm")) {
            return record(call, null, intent, null, null, null);
        }
        if (method == null) {
            throw noPaymentMethod();
        }
        return attempt(intent, method, call);
    }

    private Answer confirm(Intent intent, Form form, Call call) {
        form.allowOnly(CONFIRM_PARAMS);
        if (intent.status() != Intent.Status.REQUIRES_PAYMENT_METHOD
                && intent.status() != Intent.Status.REQUIRES_CONFIRMATION) {
            throw unexpectedState("confirm", intent);
        }
        String given = form.get("payment_method");
        String token = given == null ? intent.paymentMethod() : given;
        if (token == null) {
            throw noPaymentMethod();
        }
        return attempt(intent.paidWith(token), TestPaymentMethod.of(token), call);
    }

    private Answer attempt(Intent intent, TestPaymentMethod method, Call call) {
        if (method.behaviour() == Behaviour.DECLINE) {
            Intent.Charge charge = charge(intent, false);
            Intent after = intent.declined(charge).paidWith(null);
            String error = StripeJson.declined(after, charge).toString();
            return record(call, null, after, null, "payment_intent.payment_failed", new Reply(402, error));
        }
        if (method.behaviour() == Behaviour.PROCESSING) {
            Answer answer = record(call, null, intent.processing(), null, "payment_intent.processing", null);
            settleLater(intent.id());
            return answer;
        }
        call.hold = method.behaviour() == Behaviour.HOLD_ANSWER;
        call.failAfter = method.behaviour() == Behaviour.CAPTURE_THEN_500 && !intent.manualCapture();
        return succeed(intent, call);
    }

    private Answer succeed(Intent intent, Call call) {
        Intent.Charge charge = charge(intent, true);
        if (intent.manualCapture()) {
            return record(
                    call,
                    new Movement(Effect.AUTHORIZED, charge.amount()),
                    intent.authorized(charge),
                    null,
                    "payment_intent.amount_capturable_updated",
                    null);
        }
        return record(
                call,
                new Movement(Effect.CAPTURED, charge.amount()),
                intent.captured(charge.capture(charge.amount())),
                null,
                "payment_intent.succeeded",
                null);
    }

    private void settleLater(String intentId) {
        try {
            timer.schedule(() -> settle(intentId), settings.processingTime().toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            return; // closed; the next start ends it
        }
    }

    private void settle(String intentId) {
        var unused = book.exclusively(intentId, () -> {
            Intent intent = book.intent(intentId);
            return intent.status() == Intent.Status.PROCESSING ? succeed(intent, new Call(id("req_"), null)) : intent;
        });
    }

    private Answer capture(Intent intent, Form form, Call call) {
        form.allowOnly(CAPTURE_PARAMS);
        Intent.Charge charge = intent.charge();
        if (intent.status() != Intent.Status.REQUIRES_CAPTURE || charge == null) {
            throw unexpectedState("capture", intent);
        }
        long amount = form.get("amount_to_capture") == null
                ? intent.amountCapturable()
                : amount(form, "amount_to_capture", intent.amountCapturable());
        long moved = amount + call.amountDelta();
        call.failAfter = TestPaymentMethod.of(charge.paymentMethod()).behaviour() == Behaviour.CAPTURE_THEN_500;
        return record(
                call,
                new Movement(Effect.CAPTURED, moved),
                intent.captured(charge.capture(moved)),
                null,
                "payment_intent.succeeded",
                null);
    }

    private Answer cancel(Intent intent, Form form, Call call) {
        form.allowOnly(CANCEL_PARAMS);
        if (intent.status() == Intent.Status.SUCCEEDED
                || intent.status() == Intent.Status.CANCELED
                || intent.status() == Intent.Status.PROCESSING) {
            throw unexpectedState("cancel", intent);
        }
        String reason = form.get("cancellation_reason") == null
                ? null
                : form.oneOf(
                        "cancellation_reason",
                        "",
                        Set.of("duplicate", "fraudulent", "requested_by_customer", "abandoned"));
        return record(
                call,
                new Movement(Effect.CANCELLED, intent.amountCapturable()),
                intent.canceled(Instant.now().getEpochSecond(), reason),
                null,
                "payment_intent.canceled",
                null);
    }

    private String refundTarget(Form form) {
        form.allowOnly(REFUND_PARAMS);
        String charge = form.get("charge");
        if (charge == null) {
            String intent = form.get("payment_intent");
            if (intent == null) {
                throw StripeError.invalid(
                        "parameter_missing",
                        null,
                        "One of the following params should be provided for this request: payment_intent or charge.");
            }
            if (book.find(intent) == null) {
                throw StripeError.invalid(
                        "resource_missing", "payment_intent", "No such payment_intent: '" + intent + "'");
            }
            return intent;
        }
        String intent = book.intentOfCharge(charge);
        if (intent == null) {
            throw StripeError.invalid("resource_missing", "charge", "No such charge: '" + charge + "'");
        }
        return intent;
    }

    private Answer refund(Intent intent, Form form, Call call) {
        Intent.Charge charge = intent.charge();
        if (intent.status() != Intent.Status.SUCCEEDED || charge == null) {
            throw StripeError.refused(
                    "payment_intent_unexpected_state",
                    "This PaymentIntent (" + intent.id() + ") does not have a successful charge to refund.");
        }
        long left = charge.amountCaptured() - intent.amountRefunded();
        if (left <= 0) {
            throw StripeError.refused(
                    "charge_already_refunded", "Charge " + charge.id() + " has already been refunded.");
        }
        long amount = form.get("amount") == null ? left : amount(form, "amount", Long.MAX_VALUE);
        if (amount > left) {
            throw StripeError.refused(
                    "amount_too_large",
                    "Refund amount (" + amount + ") is greater than unrefunded amount on charge (" + left + ").");
        }
        String reason = form.get("reason") == null
                ? null
                : form.oneOf("reason", "", Set.of("duplicate", "fraudulent", "requested_by_customer"));
        Intent.Refund refund = new Intent.Refund(
                id("re_"), Instant.now().getEpochSecond(), amount + call.amountDelta(), reason, metadata(form));
        return record(
                call,
                new Movement(Effect.REFUNDED, refund.amount()),
                intent.refunded(refund),
                refund.id(),
                "charge.refunded",
                null);
    }

    /** Writes what happened, answers it, and sends its event. */
    private Answer record(
            Call call,
            @Nullable Movement movement,
            Intent after,
            @Nullable String refundId,
            @Nullable String eventType,
            @Nullable Reply otherReply) {
        Reply reply = call.is(Fault.ERROR_SAVED)
                ? new Reply(500, StripeJson.error(StripeError.internal()).toString())
                : otherReply;
        int status = reply == null ? 200 : reply.status();
        String error = reply == null ? null : reply.error();
        Journal.Event event = eventType == null
                ? null
                : new Journal.Event(id("evt_"), eventType, call.webhookCopies(), call.requestId);
        Journal.Line line = book.record(sequence -> new Journal.Line(
                sequence,
                Instant.now(),
                movement == null ? null : movement.effect(),
                refundId,
                movement == null ? null : movement.amountMinor(),
                call.key,
                after,
                event,
                call.saved(status, error),
                null));
        if (movement != null) {
            log.info(
                    "{} {} {} of {} for order {}",
                    movement.effect().wireName(),
                    movement.amountMinor(),
                    after.currency(),
                    after.id(),
                    after.orderId());
        }
        if (event != null) {
            webhooks.add(event, line.at(), after, call.key);
            if (call.is(Fault.REORDER_WEBHOOKS)) {
                webhooks.hold(event);
            } else {
                webhooks.send(event, call.webhookDelay());
            }
        }
        return reply(
                call,
                status,
                error != null ? error : object(after, refundId, call.expand).toString());
    }

    private ObjectNode read(Route route, Form form, Call call) {
        if (route.operation() == Operation.LIST) {
            form.allowOnly(LIST_PARAMS);
            return list(route, form, call);
        }
        form.allowOnly(Set.of("expand", "client_secret"));
        return switch (route.resource()) {
            case "payment_intents" -> StripeJson.intent(book.intent(route.id()), call.expand);
            case "refunds" -> {
                Intent intent = book.find(book.intentOfRefund(route.id()));
                if (intent == null) {
                    throw StripeError.missing("refund", route.id());
                }
                yield object(intent, route.id(), call.expand);
            }
            default ->
                webhooks.objects().stream()
                        .filter(event -> event.path("id").asString().equals(route.id()))
                        .findFirst()
                        .orElseThrow(() -> StripeError.missing("event", route.id()));
        };
    }

    private ObjectNode list(Route route, Form form, Call call) {
        List<String> expand = call.expand.stream()
                .map(name -> name.startsWith("data.") ? name.substring("data.".length()) : name)
                .toList();
        String onlyIntent = form.get("payment_intent");
        String onlyType = form.get("type");
        List<ObjectNode> all = switch (route.resource()) {
            case "payment_intents" ->
                book.newestFirst().stream()
                        .map(intent -> StripeJson.intent(intent, expand))
                        .toList();
            case "refunds" ->
                book.newestFirst().stream()
                        .filter(intent -> onlyIntent == null || intent.id().equals(onlyIntent))
                        .flatMap(intent -> intent.refunds().reversed().stream()
                                .map(refund -> StripeJson.refund(intent, refund, expand)))
                        .toList();
            default ->
                webhooks.objects().stream()
                        .filter(event -> onlyType == null
                                || event.path("type").asString().equals(onlyType))
                        .toList();
        };
        return page(route, form, all);
    }

    private static ObjectNode page(Route route, Form form, List<ObjectNode> newestFirst) {
        Long limit = form.number("limit");
        if (limit != null && (limit < 1 || limit > 100)) {
            throw StripeError.invalid("parameter_invalid_integer", "limit", "limit is from 1 to 100.");
        }
        int size = limit == null ? 10 : limit.intValue();
        Function<String, @Nullable Long> bound = name -> form.number("created[" + name + "]");
        Long exactly = form.number("created");
        Long after = bound.apply("gt");
        Long from = bound.apply("gte");
        Long before = bound.apply("lt");
        Long to = bound.apply("lte");
        List<ObjectNode> matching = newestFirst.stream()
                .filter(item -> {
                    long created = item.path("created").asLong();
                    return (exactly == null || created == exactly)
                            && (after == null || created > after)
                            && (from == null || created >= from)
                            && (before == null || created < before)
                            && (to == null || created <= to);
                })
                .toList();
        String startingAfter = form.get("starting_after");
        String endingBefore = form.get("ending_before");
        if (endingBefore != null) {
            int end = position(matching, endingBefore);
            int start = Math.max(0, end - size);
            return StripeJson.page("/v1/" + route.resource(), matching.subList(start, end), start > 0);
        }
        int start = startingAfter == null ? 0 : position(matching, startingAfter) + 1;
        int end = Math.min(matching.size(), start + size);
        return StripeJson.page("/v1/" + route.resource(), matching.subList(start, end), end < matching.size());
    }

    private static int position(List<ObjectNode> items, String id) {
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i).path("id").asString().equals(id)) {
                return i;
            }
        }
        throw StripeError.invalid("resource_missing", "starting_after", "No such object: '" + id + "'");
    }

    private @Nullable String orderId(Route route, Form form) {
        String fromForm = form.below("metadata").get("order_id");
        if (fromForm != null) {
            return fromForm;
        }
        String intentId = switch (route.resource()) {
            case "payment_intents" -> route.id();
            case "refunds" ->
                form.get("payment_intent") != null
                        ? form.get("payment_intent")
                        : form.get("charge") != null ? book.intentOfCharge(form.required("charge")) : null;
            default -> null;
        };
        Intent intent = book.find(intentId);
        return intent == null ? null : intent.orderId();
    }

    private void authenticate(Request request) {
        String header = request.headers().getOrDefault("authorization", "");
        String key;
        if (header.startsWith("Bearer ")) {
            key = header.substring("Bearer ".length()).strip();
        } else if (header.startsWith("Basic ")) {
            key = basicUser(header.substring("Basic ".length()).strip());
        } else {
            throw StripeError.unauthorized("You did not provide an API key.");
        }
        if (!MessageDigest.isEqual(
                key.getBytes(StandardCharsets.UTF_8), settings.apiKey().getBytes(StandardCharsets.UTF_8))) {
            throw StripeError.unauthorized("Invalid API Key provided.");
        }
    }

    private static String basicUser(String encoded) {
        try {
            String pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
            return pair.split(":", 2)[0];
        } catch (IllegalArgumentException e) {
            throw StripeError.unauthorized("Invalid API Key provided.");
        }
    }

    private static Answer reply(Call call, int status, String body) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Request-Id", call.requestId);
        headers.put("Stripe-Version", StripeJson.API_VERSION);
        if (call.key != null) {
            headers.put("Idempotency-Key", call.key);
        }
        return Answer.json(status, headers, body);
    }

    private Intent.Charge charge(Intent intent, boolean succeeded) {
        return new Intent.Charge(
                id("ch_"),
                Instant.now().getEpochSecond(),
                intent.amount(),
                0,
                succeeded,
                false,
                false,
                Objects.requireNonNull(intent.paymentMethod()));
    }

    private static long amount(Form form, String name, long atMost) {
        Long amount = form.number(name);
        if (amount == null || amount < 1) {
            throw StripeError.invalid(
                    "parameter_invalid_integer", name, "This value must be greater than or equal to 1.");
        }
        if (amount > MAX_AMOUNT) {
            throw StripeError.invalid("amount_too_large", name, "Amount must be no more than " + MAX_AMOUNT);
        }
        if (amount > atMost) {
            throw StripeError.refused(
                    "amount_too_large",
                    "The amount " + amount + " is greater than the capturable amount " + atMost + ".");
        }
        return amount;
    }

    private static String currency(String code) {
        try {
            Currency.getInstance(code.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw StripeError.invalid(null, "currency", "Invalid currency: " + code);
        }
        return code.toLowerCase(Locale.ROOT);
    }

    private static Map<String, String> metadata(Form form) {
        Map<String, String> metadata = form.below("metadata");
        metadata.forEach((key, value) -> {
            if (metadata.size() > 50 || key.length() > 40 || value.length() > 500) {
                throw StripeError.invalid(
                        null, "metadata", "Metadata has up to 50 keys of 40 characters with values of 500 characters.");
            }
        });
        return Map.copyOf(metadata);
    }

    private static StripeError unexpectedState(String verb, Intent intent) {
        return StripeError.refused(
                "payment_intent_unexpected_state",
                "You cannot " + verb + " this PaymentIntent because it has a status of "
                        + intent.status().wireName() + ".");
    }

    private static StripeError noPaymentMethod() {
        return StripeError.refused(
                "payment_intent_unexpected_state",
                "You cannot confirm this PaymentIntent because it's missing a payment method.");
    }

    private String id(String prefix) {
        byte[] bytes = new byte[12];
        random.nextBytes(bytes);
        return prefix + HexFormat.of().formatHex(bytes);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private record Movement(Effect effect, long amountMinor) {}

    private record Reply(int status, String error) {}

    /** What a URL and a method mean. */
    private record Route(Operation operation, String resource, String id) {

        static Route of(String method, String path) {
            String[] parts = path.substring(1).split("/", -1);
            boolean post = method.equals("POST");
            if (parts.length >= 2 && parts[0].equals("v1")) {
                String resource = parts[1];
                boolean intents = resource.equals("payment_intents");
                boolean refunds = resource.equals("refunds");
                boolean known = intents || refunds || resource.equals("events");
                if (parts.length == 2 && post && (intents || refunds)) {
                    return new Route(intents ? Operation.CREATE : Operation.REFUND, resource, "");
                }
                if (parts.length == 2 && method.equals("GET") && known) {
                    return new Route(Operation.LIST, resource, "");
                }
                if (parts.length == 3 && method.equals("GET") && known) {
                    return new Route(Operation.RETRIEVE, resource, parts[2]);
                }
                if (parts.length == 4
                        && post
                        && intents
                        && Set.of("confirm", "capture", "cancel").contains(parts[3])) {
                    return new Route(Operation.of(parts[3]), resource, parts[2]);
                }
            }
            throw StripeError.unknownUrl(method, path);
        }
    }

    /** One request while it is worked on. */
    private static final class Call {
        private final String requestId;
        private final @Nullable String key;
        private String fingerprint = "";
        private List<String> expand = List.of();
        private @Nullable FaultPlan fault;
        private boolean hold;
        private boolean failAfter;

        Call(String requestId, @Nullable String key) {
            this.requestId = requestId;
            this.key = key;
        }

        boolean is(Fault kind) {
            return fault != null && fault.fault() == kind;
        }

        long amountDelta() {
            return fault != null && fault.fault() == Fault.WRONG_AMOUNT ? fault.amountDelta() : 0;
        }

        Duration webhookDelay() {
            return fault != null && fault.fault() == Fault.LATE_WEBHOOKS ? fault.delay() : Duration.ZERO;
        }

        int webhookCopies() {
            if (is(Fault.LOSE_WEBHOOKS)) {
                return 0;
            }
            return fault != null && fault.fault() == Fault.DUPLICATE_WEBHOOKS ? fault.copies() : 1;
        }

        Journal.@Nullable Saved saved(int status, @Nullable String error) {
            return key == null ? null : new Journal.Saved(fingerprint, requestId, status, expand, error);
        }
    }
}
