package io.saccade.cli.command;

import java.util.concurrent.Callable;

/** A command that stays up until it is told to stop, and so logs what it does by default. */
public interface Service extends Callable<Integer> {}
