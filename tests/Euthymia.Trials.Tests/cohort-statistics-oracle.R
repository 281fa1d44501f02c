# Makes the reference numbers of CohortStatisticsTests.cs. Run once with R 4.2.2, survival 3.5.3 (Debian 12):
#   Rscript cohort-statistics-oracle.R
library(survival); options(digits = 12)
# Log-rank of four groups: the lung cancer trial of the Veterans' Administration (Kalbfleisch and Prentice 1980, appendix 1).
d <- survdiff(Surv(time, status) ~ celltype, data = veteran)
print(d$obs); print(d$exp); print(d$chisq); print(pchisq(d$chisq, 3, lower.tail = FALSE))
for (g in levels(veteran$celltype)) { v <- veteran[veteran$celltype == g, ]; cat(g, paste0("new(", v$time, ", ", ifelse(v$status == 1, "true", "false"), ")", collapse = ", "), "\n") }
fit <- summary(survfit(Surv(time, status) ~ 1, data = veteran, conf.type = "log-log"), times = c(30, 100, 365))
print(data.frame(fit$time, fit$n.risk, fit$surv, fit$std.err, fit$lower, fit$upper))
# Partial pooling: nested adaptive quadrature over the log odds of each group itself, not over a standardised deviate.
pool <- function(y, n) {
  mu <- seq(-4, 4, length.out = 101); tau <- (seq_len(50) - 0.5) * 0.05
  inner <- function(g, m, t, upper = Inf, power = 0) integrate(function(th) dbinom(y[g], n[g], plogis(th)) * dnorm(th, m, t) * plogis(th)^power,
    max(m - 9 * t, -30), min(upper, m + 9 * t), rel.tol = 1e-8, abs.tol = 0, subdivisions = 400, stop.on.error = FALSE)$value
  G <- length(y); nodes <- expand.grid(mu = mu, tau = tau)
  L <- sapply(seq_len(G), function(g) mapply(function(m, t) inner(g, m, t), nodes$mu, nodes$tau))
  prior <- dnorm(nodes$mu, 0, 1.5) * dnorm(nodes$tau, 0, 0.5)
  w <- prior * apply(L, 1, prod); w <- w / sum(w); keep <- w > 1e-9
  cat("spread", sum(w * nodes$tau), "whole", sum(w * plogis(nodes$mu)), "\n")
  for (g in seq_len(G)) {
    mean <- sum(w[keep] * mapply(function(m, t) inner(g, m, t, power = 1), nodes$mu[keep], nodes$tau[keep]) / L[keep, g])
    cdf <- function(p) { c <- qlogis(p); sum(w[keep] * mapply(function(m, t) if (c <= m - 9 * t) 0 else inner(g, m, t, upper = c), nodes$mu[keep], nodes$tau[keep]) / L[keep, g]) }
    q <- sapply(c(0.025, 0.975), function(a) uniroot(function(p) cdf(p) - a, c(0.001, 0.999), tol = 1e-6)$root)
    cat("group", g, y[g], n[g], mean, q, "\n")
  }
}
pool(c(9, 22, 3, 40), c(20, 60, 5, 60))
pool(c(0, 5), c(5, 5))
