package dev.gatehouse.billing.input;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Refuses query parameters that the operation does not know, or knows once and finds twice: a typing error must not
 * become a default.
 */
@Configuration(proxyBeanMethods = false)
class StrictParameters implements WebMvcConfigurer, HandlerInterceptor {

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this).addPathPatterns("/api/**");
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (!(handler instanceof HandlerMethod method)) {
            return true;
        }
        Set<String> known = Arrays.stream(method.getMethodParameters())
                .filter(parameter -> parameter.hasParameterAnnotation(RequestParam.class))
                .map(StrictParameters::nameOf)
                .collect(Collectors.toSet());
        List<FieldProblem> problems = new ArrayList<>();
        request.getParameterMap().forEach((name, values) -> {
            if (!known.contains(name)) {
                problems.add(new FieldProblem(name, "unknown-parameter", "This parameter does not exist."));
            } else if (values.length > 1) {
                problems.add(new FieldProblem(name, "repeated", "May be given once."));
            }
            if (Arrays.stream(values).anyMatch(CardNumbers::occurIn)) {
                problems.add(new FieldProblem(name, "card-number", "This looks like a card number."));
            }
        });
        if (!problems.isEmpty()) {
            throw new InvalidRequest(problems);
        }
        return true;
    }

    private static String nameOf(MethodParameter parameter) {
        RequestParam annotation = Objects.requireNonNull(parameter.getParameterAnnotation(RequestParam.class));
        parameter.initParameterNameDiscovery(new DefaultParameterNameDiscoverer());
        return annotation.name().isEmpty()
                ? Objects.requireNonNull(parameter.getParameterName(), "compiled with -parameters")
                : annotation.name();
    }
}
