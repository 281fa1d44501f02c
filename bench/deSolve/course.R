# Rscript course.R INDIVIDUALS TIMES N: processor time of deSolve's lsoda on the first N patients, printed as patients a second.
# One call from switch of input to switch, the tolerances of the benchmark.
suppressMessages(library(deSolve))
arguments <- commandArgs(TRUE)
dyn.load("course.so")
individuals <- as.matrix(read.csv(arguments[1])[, -1])
times <- read.csv(arguments[2])[, 1]
patients <- as.integer(arguments[3])
starts <- c(0, 48, 96, 168, 216, 264)
edges <- c(sort(c(starts, starts + 2 / 3)), 672)

course <- function(p) {
  y <- c(rep(0, 8), p[["BASE"]])
  states <- matrix(0, length(times), 9)
  states[1, ] <- y
  for (k in seq_len(length(edges) - 1)) {
    inside <- which(times > edges[k] & times <= edges[k + 1])
    at <- c(edges[k], times[inside])
    if (at[length(at)] < edges[k + 1]) at <- c(at, edges[k + 1])
    rate <- if (k %% 2 == 1) 0.75 * p[["WT"]] else 0
    solved <- lsoda(y, at, "derivatives", c(p, rate), dllname = "course", initfunc = "initialise", rtol = 1e-6, atol = 1e-8)
    states[inside, ] <- solved[seq_along(inside) + 1, -1]
    y <- solved[length(at), -1]
  }
  states
}

for (i in 1:3) course(individuals[i, ]) # compiles
results <- vector("list", patients)
started <- proc.time()
for (i in seq_len(patients)) results[[i]] <- course(individuals[i, ])
spent <- proc.time() - started
cat(sprintf("%.1f\n", patients / (spent[["user.self"]] + spent[["sys.self"]])))
