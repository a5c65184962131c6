package io.freshet.replay;

import io.freshet.replay.report.Ranks;
import io.freshet.replay.report.Report;

/**
 * What came of a replay.
 *
 * @param report the report, as it was written
 * @param ranks how each tested position came out, to be compared with another replay's
 */
public record ReplayResult(Report report, Ranks ranks) {}
