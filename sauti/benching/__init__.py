"""The harness of `sauti bench`: starts bots as processes of their own, lets a crowd talk to them, and reads the clock.

Everything a measurement needs lives here or in the simulator, never in the bot: no option, counter or short cut of the
product exists for a benchmark's sake. Nothing in here may be imported by another room, and the stand-in that stores
nothing may be injected by the harness alone.
"""
