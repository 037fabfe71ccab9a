package dev.birgus.executor.run;

/**
 * Finds out on which rung commands can be run on this machine, by running one on each from the top
 * down.
 */
public interface IsolationLadder {

  /**
   * What was found. The first call tries the rungs, which takes some milliseconds, and at most two
   * seconds for each; later calls return the same.
   */
  LadderReport report() throws InterruptedException;

  /** What is found if all rungs are tried, those below the first that works too. */
  LadderReport survey() throws InterruptedException;
}
