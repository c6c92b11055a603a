// Reads simulations as JSON lines, writes the result of each on a line of its own.
const { runSimulation } = require("@cloud-copilot/iam-simulate");
const lines = require("fs").readFileSync(0, "utf8").split("\n").filter(Boolean);
(async () => {
  for (const line of lines) {
    const told = await runSimulation(JSON.parse(line), {});
    console.log(told.overallResult || JSON.stringify(told.errors).replace(/\s+/g, "_"));
  }
})();
