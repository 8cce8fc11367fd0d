package dev.gatehouse.billing.input;

import jakarta.validation.Validator;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.util.unit.DataSize;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.RequestBodyAdviceAdapter;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Holds every JSON body against the record it is bound to and answers with all its mistakes at once, where binding
 * alone would stop at the
 * first or not see it at all.
 */
@ControllerAdvice
class StrictBody extends RequestBodyAdviceAdapter {

    /** A full order of 100 lines takes a fifth of this. */
    private static final DataSize LIMIT = DataSize.ofKilobytes(64);

    private final JsonMapper json;
    private final Validator validator;

    StrictBody(JsonMapper json, Validator validator) {
        this.json = json;
        this.validator = validator;
    }

    @Override
    public boolean supports(MethodParameter parameter, Type type, Class<? extends HttpMessageConverter<?>> converter) {
        return type instanceof Class<?> raw && raw.isRecord();
    }

    @Override
    public HttpInputMessage beforeBodyRead(
            HttpInputMessage message,
            MethodParameter parameter,
            Type type,
            Class<? extends HttpMessageConverter<?>> converter)
            throws IOException {
        byte[] body = message.getBody().readNBytes((int) LIMIT.toBytes() + 1);
        if (body.length > LIMIT.toBytes()) {
            throw new BodyTooLarge(LIMIT);
        }
        var read = new ReadBody(message.getHeaders(), body);
        List<FieldProblem> problems = problems(read, (Class<?>) type);
        if (!problems.isEmpty()) {
            throw new InvalidRequest(problems);
        }
        return read;
    }

    private List<FieldProblem> problems(ReadBody body, Class<?> type) {
        try {
            JsonNode document = json.readTree(body.content());
            List<FieldProblem> problems = new ArrayList<>(Shape.prune(document, type));
            if (!document.isObject()) {
                return problems;
            }
            Set<String> named = problems.stream().map(FieldProblem::field).collect(Collectors.toSet());
            Object bound = json.treeToValue(document, type);
            for (var violation : validator.validate(bound)) {
                String field = violation.getPropertyPath().toString();
                // A field taken out for its type would be reported as missing too.
                if (named.stream().noneMatch(name -> name.equals(field) || name.startsWith(field + "["))) {
                    problems.add(Violations.describe(field, violation));
                }
            }
            if (bound instanceof SelfChecking request) {
                problems.addAll(request.check());
            }
            problems.sort(java.util.Comparator.comparing(FieldProblem::field));
            return problems;
        } catch (JacksonException unreadable) {
            throw new HttpMessageNotReadableException("Not JSON: " + unreadable.getOriginalMessage(), unreadable, body);
        }
    }

    private record ReadBody(HttpHeaders headers, byte[] content) implements HttpInputMessage {

        @Override
        public InputStream getBody() {
            return new ByteArrayInputStream(content);
        }

        @Override
        public HttpHeaders getHeaders() {
            return headers;
        }
    }
}
