# Makes the reference numbers of StatisticsTests.cs. Run once with R 4.2, survival 3.5, metafor 3.8 (Debian 12):
#   Rscript statistics-oracle.R
library(survival); library(metafor); options(digits = 12)
fit <- survfit(Surv(time, status) ~ 1, data = subset(aml, x == "Maintained"), conf.type = "log-log")
print(data.frame(fit$time, fit$n.risk, fit$n.event, fit$surv, fit$std.err * fit$surv, fit$lower, fit$upper))
print(survdiff(Surv(time, status) ~ x, data = aml)); print(survdiff(Surv(time, status) ~ x, data = aml)$chisq)
print(survdiff(Surv(time, status) ~ x, data = aml)$exp); print(survdiff(Surv(time, status) ~ x, data = aml)$var)
dat <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
print(data.frame(yi = as.numeric(dat$yi), vi = as.numeric(dat$vi)))
for (m in c("DL", "PM", "REML")) { r <- rma(yi, vi, data = dat, method = m, control = if (m == "PM") list(tol = 1e-14, maxiter = 1000) else list(threshold = 1e-12, maxiter = 1000)); print(c(m, r$b, r$se, r$tau2, r$QE, r$ci.lb, r$ci.ub)) }
for (m in "DL") { r <- rma(yi, vi, data = dat, method = m); print((r$QE - 12) / r$QE) }
w <- prop.test(4, 25, correct = FALSE)$conf.int; print(w)
w <- prop.test(0, 20, correct = FALSE)$conf.int; print(w)
print(binom.test(4, 25)$conf.int); print(binom.test(20, 20)$conf.int)
print(3.2 + c(-1, 1) * qt(0.95, 11) * 2.5 / sqrt(12))
