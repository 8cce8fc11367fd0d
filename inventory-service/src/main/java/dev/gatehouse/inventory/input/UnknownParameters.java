package dev.gatehouse.inventory.input;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/** Refuses query parameters that the operation does not declare, and declared ones that come twice. */
final class UnknownParameters implements HandlerInterceptor {

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (!(handler instanceof HandlerMethod method)) {
            return true;
        }
        Set<String> known = Arrays.stream(method.getMethodParameters())
                .filter(parameter -> parameter.hasParameterAnnotation(RequestParam.class))
                .map(UnknownParameters::name)
                .collect(Collectors.toSet());
        List<FieldError> errors = new ArrayList<>();
        request.getParameterMap().forEach((name, values) -> {
            if (!known.contains(name)) {
                errors.add(new FieldError(name, "unknown-parameter", "is not a parameter of this operation"));
            } else if (values.length > 1) {
                errors.add(new FieldError(name, "repeated", "must be given once"));
            }
        });
        if (!errors.isEmpty()) {
            throw new InvalidInput(errors);
        }
        return true;
    }

    private static String name(MethodParameter parameter) {
        // Parameter names are compiled in (-parameters); the annotation never renames them here.
        return String.valueOf(parameter.getParameter().getName());
    }
}
