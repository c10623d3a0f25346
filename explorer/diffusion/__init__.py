"""The cable equation: the scheme in steps and in closed form, its laws, and the neuron."""
