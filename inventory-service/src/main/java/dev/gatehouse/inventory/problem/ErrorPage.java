package dev.gatehouse.inventory.problem;

import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What the container found wrong before or after our code ran, in the same shape as everything else. */
@Hidden
@RestController
final class ErrorPage implements ErrorController {

    @RequestMapping("/error")
    ResponseEntity<ProblemDetail> error(HttpServletRequest request) {
        Object code = request.getAttribute("jakarta.servlet.error.status_code");
        ProblemType type = code instanceof Integer status && HttpStatus.resolve(status) != null
                ? ProblemType.of(HttpStatus.valueOf(status))
                : ProblemType.NOT_FOUND;
        ProblemDetail problem = Problems.problem(request, type, type.title(), List.of());
        return ResponseEntity.status(type.status())
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem);
    }
}
