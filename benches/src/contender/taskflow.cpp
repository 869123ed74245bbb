// Runs graphs of empty tasks in Taskflow. Reads graphs from standard input and writes the nanoseconds of a
// run for each: all numbers have 32 and 64 bits in the byte order of the machine.
//
// The first argument is the number of workers. A graph is the number of turns that each body spins, the number
// of tasks, and for each task the number of its dependencies and their indices. Before a graph is timed, a run with other bodies checks that each task runs
// once, after its dependencies. The program ends with an error when that fails.

#include <taskflow/taskflow.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

static bool read_number(std::uint32_t &number) {
  return std::fread(&number, sizeof number, 1, stdin) == 1;
}

static std::uint32_t needed_number() {
  std::uint32_t number;
  if (!read_number(number)) {
    std::fputs("the graph is not whole\n", stderr);
    std::exit(1);
  }
  return number;
}

template <typename Body>
static void build(tf::Taskflow &flow, const std::vector<std::vector<std::uint32_t>> &graph, Body body) {
  std::vector<tf::Task> tasks;
  tasks.reserve(graph.size());
  for (std::uint32_t task = 0; task < graph.size(); ++task) {
    tasks.push_back(flow.emplace(body(task)));
    for (std::uint32_t dependency : graph[task]) {
      tasks[dependency].precede(tasks[task]);
    }
  }
}

static void check(tf::Executor &executor, const std::vector<std::vector<std::uint32_t>> &graph) {
  std::vector<std::atomic<std::uint32_t>> runs(graph.size());
  std::atomic<bool> is_right{true};
  tf::Taskflow flow;
  build(flow, graph, [&](std::uint32_t task) {
    return [&, task] {
      for (std::uint32_t dependency : graph[task]) {
        if (runs[dependency].load() != 1) is_right = false;
      }
      runs[task].fetch_add(1);
    };
  });
  executor.run(flow).wait();
  for (auto &count : runs) {
    if (count.load() != 1) is_right = false;
  }
  if (!is_right) {
    std::fputs("Taskflow did not run each task once, after its dependencies\n", stderr);
    std::exit(1);
  }
}

int main(int, char **arguments) {
  tf::Executor executor(std::strtoul(arguments[1], nullptr, 10));
  std::uint32_t turns;
  while (read_number(turns)) {
    std::uint32_t size = needed_number();
    std::vector<std::vector<std::uint32_t>> graph(size);
    for (auto &row : graph) {
      row.resize(needed_number());
      for (auto &dependency : row) dependency = needed_number();
    }
    check(executor, graph);
    tf::Taskflow flow;
    build(flow, graph, [turns](std::uint32_t) {
      return [turns] {
        for (std::uint32_t turn = 0; turn < turns; ++turn) asm volatile("" : : "r"(turn));
      };
    });
    auto begun = std::chrono::steady_clock::now();
    executor.run(flow).wait();
    std::chrono::nanoseconds took = std::chrono::steady_clock::now() - begun;
    std::uint64_t nanoseconds = took.count();
    if (std::fwrite(&nanoseconds, sizeof nanoseconds, 1, stdout) != 1 || std::fflush(stdout) != 0) return 1;
  }
}
