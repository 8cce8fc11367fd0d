package dev.gatehouse.inventory.security;

import dev.gatehouse.inventory.problem.Problems;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.oauth2.jwt.JwtDecoderInitializationException;
import org.springframework.web.filter.OncePerRequestFilter;

/** An issuer that cannot be asked for its keys is our outage, not the caller's bad token: 503, never 401 or 500. */
final class IssuerOutage extends OncePerRequestFilter {

    private static final Logger log = LoggerFactory.getLogger(IssuerOutage.class);

    private final Problems problems;

    IssuerOutage(Problems problems) {
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            chain.doFilter(request, response);
        } catch (AuthenticationServiceException | JwtDecoderInitializationException e) {
            log.warn("token keys unavailable: {}", e.toString());
            problems.unavailable(request, response, "The access token cannot be checked now");
        }
    }
}
