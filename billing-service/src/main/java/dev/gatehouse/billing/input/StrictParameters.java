package dev.gatehouse.billing.input;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import jakarta.validation.Validator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.MethodParameter;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.convert.support.DefaultConversionService;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Refuses query parameters that the operation does not know, or knows once and finds twice: a typing error must not
 * become a default. Where one has the wrong type, the framework would name that one alone; here the others are judged too.
 */
@Configuration(proxyBeanMethods = false)
class StrictParameters implements WebMvcConfigurer, HandlerInterceptor {

    private final ObjectProvider<Validator> validator;

    StrictParameters(ObjectProvider<Validator> validator) {
        this.validator = validator;
    }

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
        problems.addAll(wrongOnes(method, request));
        if (!problems.isEmpty()) {
            throw new InvalidRequest(problems);
        }
        return true;
    }

    /** Every parameter of a wrong type and, if there is one, whatever the others break; empty when all types are right. */
    private List<FieldProblem> wrongOnes(HandlerMethod method, HttpServletRequest request) {
        List<FieldProblem> problems = new ArrayList<>();
        Map<Integer, Object> values = new HashMap<>();
        for (MethodParameter parameter : method.getMethodParameters()) {
            String text = parameter.hasParameterAnnotation(RequestParam.class)
                    ? request.getParameter(nameOf(parameter))
                    : null;
            if (text == null) {
                continue;
            }
            try {
                Object value = DefaultConversionService.getSharedInstance().convert(text, parameter.getParameterType());
                if (value != null) {
                    values.put(parameter.getParameterIndex(), value);
                }
            } catch (ConversionException wrongType) {
                problems.add(FieldProblem.wrongType(nameOf(parameter), parameter.getParameterType()));
            }
        }
        if (!problems.isEmpty()) {
            problems.addAll(violations(method, values));
        }
        return problems;
    }

    private List<FieldProblem> violations(HandlerMethod method, Map<Integer, Object> values) {
        Object[] arguments = new Object[method.getMethodParameters().length];
        values.forEach((index, value) -> arguments[index] = value);
        List<FieldProblem> problems = new ArrayList<>();
        validator
                .getObject()
                .forExecutables()
                .validateParameters(method.createWithResolvedBean().getBean(), method.getMethod(), arguments)
                .forEach(violation -> {
                    for (Path.Node node : violation.getPropertyPath()) {
                        if (node.getKind() == ElementKind.PARAMETER) {
                            int index = node.as(Path.ParameterNode.class).getParameterIndex();
                            if (values.containsKey(index)) {
                                problems.add(
                                        Violations.describe(nameOf(method.getMethodParameters()[index]), violation));
                            }
                        }
                    }
                });
        return problems;
    }

    private static String nameOf(MethodParameter parameter) {
        RequestParam annotation = Objects.requireNonNull(parameter.getParameterAnnotation(RequestParam.class));
        parameter.initParameterNameDiscovery(new DefaultParameterNameDiscoverer());
        return annotation.name().isEmpty()
                ? Objects.requireNonNull(parameter.getParameterName(), "compiled with -parameters")
                : annotation.name();
    }
}
