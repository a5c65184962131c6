/** What came of a replay: predictions, figures by protocol P, and a report for people. */
@NullMarked
package io.freshet.replay.report;

import org.jspecify.annotations.NullMarked;
